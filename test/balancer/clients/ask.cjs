// bigbluebutton-js as it is: STEP ROOM… at $BBB_URL with $BBB_SECRET; what it was told, in JSON.
const { api, http } = require("bigbluebutton-js");

const { BBB_URL, BBB_SECRET } = process.env;
const { administration, monitoring } = api(BBB_URL.replace(/\/api\/?$/, ""), BBB_SECRET);
const passwordOf = async (room) => (await http(monitoring.getMeetingInfo(room))).moderatorPW;

const steps = {
  async create(room) {
    const { meetingID, moderatorPW } = await http(administration.create(room, room));
    return { id: meetingID, moderator: moderatorPW };
  },
  join: async (room) => administration.join("Ada", room, await passwordOf(room)),
  async list() {
    const { meetings } = await http(monitoring.getMeetings());
    return meetings.map(({ meetingID }) => `${meetingID}`).sort();
  },
  end: async (room) => (await http(administration.end(room, await passwordOf(room)))).returncode,
};

const [step, ...rooms] = process.argv.slice(2);
steps[step](...rooms).then(
  (told) => console.log(JSON.stringify(told)),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
