import unittest
from xml.etree import ElementTree

import support  # noqa: F401
from bbb_cluster.balancer import bbblb_rooms

NODE = "bbb-01.example.com"
ROOM = {"external": "room", "internal": "1-2", "uuid": "3", "tenant": "moodle", "domain": NODE}


def found(told):
    """The rooms of a node with one meeting, of which that is told."""
    ids = "<meetingID>room-bbblb-moodle</meetingID><internalMeetingID>1-2</internalMeetingID>"
    metadata = "<metadata><bbblb-uuid>3</bbblb-uuid></metadata>"
    answer = ElementTree.fromstring(f"<r><meetings><meeting>{ids}{told}{metadata}</meeting></meetings></r>")
    return bbblb_rooms.rooms(NODE, answer)


class Rooms(unittest.TestCase):
    def test_a_room_of_more_than_a_thousand_people_is_one_also_where_their_number_has_a_comma(self):
        self.assertEqual(
            found("<endTime>0</endTime><participantCount>1,202</participantCount>"), [{**ROOM, "people": 1202}]
        )

    def test_one_that_everybody_has_left_is_one_until_it_is_over(self):
        left = "<endTime>1795761404469</endTime><participantCount>0</participantCount>"
        self.assertEqual(found(left), [{**ROOM, "people": 0}])
        self.assertEqual(found(f"{left}<hasBeenForciblyEnded>true</hasBeenForciblyEnded>"), [])


if __name__ == "__main__":
    unittest.main()
