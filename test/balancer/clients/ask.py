"""bigbluebutton-api-python as it is: STEP ROOM… at $BBB_URL with $BBB_SECRET; what it was told, in JSON."""

import json
import os
import sys

from bigbluebutton_api_python import BigBlueButton

client = BigBlueButton(os.environ["BBB_URL"], os.environ["BBB_SECRET"])


def create(room):
    made = client.create_meeting(room, params={"name": room})
    return {"id": str(made.get_meetingid()), "moderator": str(made.get_moderator_pw())}


def join(room):
    password = str(client.get_meeting_info(room).get_field("moderatorPW"))
    return client.get_join_meeting_url("Ada", room, password, params={})


def list_all():
    return sorted(str(meeting.get_meetingid()) for meeting in client.get_meetings().get_meetings())


def end(room):
    password = str(client.get_meeting_info(room).get_field("moderatorPW"))
    return str(client.end_meeting(room, password).get_return_code())


steps = {"create": create, "join": join, "list": list_all, "end": end}
step, *rooms = sys.argv[1:]
print(json.dumps(steps[step](*rooms)))
