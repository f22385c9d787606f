import unittest
from xml.etree import ElementTree

import support  # noqa: F401
from bbb_cluster.balancer import bbblb_rooms


class Rooms(unittest.TestCase):
    def test_a_room_of_more_than_a_thousand_people_is_one_also_where_their_number_has_a_comma(self):
        ids = "<meetingID>room-bbblb-moodle</meetingID><internalMeetingID>1-2</internalMeetingID>"
        counts = "<endTime>0</endTime><participantCount>1,202</participantCount>"
        metadata = "<metadata><bbblb-uuid>3</bbblb-uuid></metadata>"
        answer = ElementTree.fromstring(f"<r><meetings><meeting>{ids}{counts}{metadata}</meeting></meetings></r>")
        ids = {"external": "room", "internal": "1-2", "uuid": "3", "tenant": "moodle", "domain": "bbb-01.example.com"}
        self.assertEqual(bbblb_rooms.rooms("bbb-01.example.com", answer), [{**ids, "people": 1202}])


if __name__ == "__main__":
    unittest.main()
