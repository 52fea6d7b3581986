import { endpoints, type Endpoint, type LiveEvent } from '@holdfast/contracts';

export interface Touched {
  endpoint: Endpoint;
  /** Only the cached call with this id; all of the endpoint's when left out. */
  id?: string;
}

/** Which cached answers an event makes old. */
export function touchedBy(event: LiveEvent): Touched[] {
  switch (event.kind) {
    case 'run':
      return [
        { endpoint: endpoints.listRuns },
        { endpoint: endpoints.runCounts },
        { endpoint: endpoints.listFlows },
        { endpoint: endpoints.listDeliveries, id: event.flow },
        { endpoint: endpoints.getRun, id: event.run },
        { endpoint: endpoints.getSteps, id: event.run },
      ];
    case 'step':
      return [
        { endpoint: endpoints.getRun, id: event.run },
        { endpoint: endpoints.getSteps, id: event.run },
      ];
    case 'message':
      return [
        { endpoint: endpoints.listMessages, id: event.conversation },
        { endpoint: endpoints.getConversation, id: event.conversation },
        { endpoint: endpoints.listConversations },
        { endpoint: endpoints.listHandoffs },
      ];
    case 'handoff':
      return [
        { endpoint: endpoints.listHandoffs },
        { endpoint: endpoints.getHandoff, id: event.handoff },
        { endpoint: endpoints.listConversations },
        { endpoint: endpoints.getConversation },
      ];
    case 'flow':
      return [{ endpoint: endpoints.listFlows }, { endpoint: endpoints.listVersions, id: event.flow }];
    case 'channel':
      return [{ endpoint: endpoints.listChannels }];
    case 'repair':
      return [{ endpoint: endpoints.listRepairs }, { endpoint: endpoints.getRepair, id: event.repair }];
    case 'settings':
      return [
        { endpoint: endpoints.getSettings },
        { endpoint: endpoints.listVariables },
        { endpoint: endpoints.listCredentials },
        { endpoint: endpoints.listAnswers },
        { endpoint: endpoints.listMembers },
        { endpoint: endpoints.listKeys },
        { endpoint: endpoints.listAlertRoutes },
      ];
  }
}
