// An answer half written survives another conversation and another page, not the closing of the tab.
const drafts = new Map<string, string>();

export const draftStore = {
  read: (handoff: string): string => drafts.get(handoff) ?? '',
  write: (handoff: string, text: string): void => {
    if (text === '') drafts.delete(handoff);
    else drafts.set(handoff, text);
  },
};
