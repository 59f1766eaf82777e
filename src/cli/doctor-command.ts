import { homedir } from 'node:os';
import type { LinkView } from '#shared/doctor-views.ts';
import { ConnectionDoctor } from '#main/browser/doctor/connection-doctor.ts';
import { HostRegistration } from '#main/browser/extension/host-registration.ts';
import { loopbackPorts } from '#main/browser/loopback/loopback-switch.ts';
import { defaultDataFolder } from '#main/data-folder.ts';
import type { Kilt } from '#main/kilt.ts';
import type { CliOptions, CommandRun } from './command.ts';

/** `kilt doctor`: the links between browsers and Kilt, seen from outside. Changes nothing; ends with 1 where one fails. */
export const doctorCommand: CommandRun<object> = async (kilt, options, { result, notAll, t }) => {
  const view = await doctorOf(kilt, options).look();
  const { links, port } = view;
  if (links.some(({ state }) => state === 'fails')) notAll();
  const line = ({ link, browser, state, reason }: LinkView): string => {
    const words = {
      port: String(port),
      browser: browser === undefined ? '' : t(`doctor.browsers.${browser}`),
    };
    const title = t(`doctor.links.${link}`, words);
    const why = reason === undefined ? [] : [t(`doctor.reasons.${reason}`, words)];
    return [`${signs[state]} ${title}: ${t(`doctor.states.${state}`)}`, ...why].join('. ');
  };
  result(view, () => links.map(line));
};

const signs: Readonly<Record<LinkView['state'], string>> = { ok: '✓', fails: '✕', unknown: '?', off: '–' };

function doctorOf(kilt: Kilt, { dataFolder = defaultDataFolder() }: CliOptions): ConnectionDoctor {
  const { settings, sites } = kilt;
  const home = process.env['KILT_BROWSER_HOME'] ?? homedir();
  const refuse = (): Promise<never> => Promise.reject(new Error('the command line repairs nothing'));
  return new ConnectionDoctor({
    dataFolder,
    settings,
    sites,
    now: () => new Date(),
    fromInside: false,
    extension: {
      change: refuse,
      view: async () => ({
        on: settings.get().browserExtension,
        listening: false,
        connections: 0,
        browsers: [...(await new HostRegistration({ dataFolder, home }).look())],
        failed: false,
      }),
    },
    loopback: {
      change: refuse,
      trustAgain: refuse,
      view: () => {
        const { loopback: on, loopbackPort: port } = settings.get();
        return { on, port, number: loopbackPorts[port], running: false };
      },
    },
  });
}
