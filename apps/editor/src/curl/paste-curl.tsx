import { useWorkbench, useSession } from '../document/workbench.tsx';
import { placeFree } from '../canvas/add-step.ts';
import { useAddStep } from '../canvas/use-add-step.ts';
import { CurlDialog } from './curl-dialog.tsx';

/** A command that was pasted onto the canvas becomes a step there. */
export function PastedCurl() {
  const { catalog, document, session } = useWorkbench();
  const pasted = useSession((state) => state.pastedCurl);
  const add = useAddStep();
  const close = () => session.getState().set({ pastedCurl: null });
  const definition = Object.values(catalog).find(({ takes }) => takes === 'curl');
  return (
    <CurlDialog
      key={pasted?.text}
      text={pasted && definition ? pasted.text : null}
      act="add"
      onClose={close}
      onDone={({ config, host }) => {
        close();
        if (!pasted || !definition) return;
        const position = placeFree(document.getState().file, pasted.at);
        add({ definition, position, ready: { title: host, typeVersion: definition.typeVersion, config } });
      }}
    />
  );
}
