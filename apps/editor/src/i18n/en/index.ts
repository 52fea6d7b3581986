import answers from './answers.json';
import canvas from './canvas.json';
import channels from './channels.json';
import common from './common.json';
import connections from './connections.json';
import contacts from './contacts.json';
import conversations from './conversations.json';
import curl from './curl.json';
import flow from './flow.json';
import flows from './flows.json';
import health from './health.json';
import hints from './hints.json';
import inbox from './inbox.json';
import inspector from './inspector.json';
import me from './me.json';
import problems from './problems.json';
import providers from './providers.json';
import repairs from './repairs.json';
import run from './run.json';
import runs from './runs.json';
import services from './services.json';
import settings from './settings.json';
import shell from './shell.json';
import simulator from './simulator.json';
import triggers from './triggers.json';
import variables from './variables.json';
import ways from './ways.json';
import webhook from './webhook.json';
import welcome from './welcome.json';

export const en = {
  answers,
  canvas,
  channels,
  common,
  connections,
  contacts,
  conversations,
  curl,
  flow,
  flows,
  health,
  hints,
  inbox,
  inspector,
  me,
  problems,
  providers,
  repairs,
  run,
  runs,
  services,
  settings,
  shell,
  simulator,
  triggers,
  variables,
  ways,
  webhook,
  welcome,
};
