import { banks } from './banks.ts';
import { certificates } from './certificates.ts';
import { commandLine } from './command-line.ts';
import { common } from './common.ts';
import { conditions } from './conditions.ts';
import { consent } from './consent.ts';
import { controlPanel } from './control-panel.ts';
import { decisions } from './decisions.ts';
import { doctor } from './doctor.ts';
import { ends } from './ends.ts';
import { errors } from './errors.ts';
import { fields } from './fields.ts';
import { frame } from './frame.ts';
import { help } from './help.ts';
import { home } from './home.ts';
import { journal } from './journal.ts';
import { keys } from './keys.ts';
import { picker } from './picker.ts';
import { registration } from './registration.ts';
import { settings } from './settings.ts';
import { signing } from './signing.ts';
import { sites } from './sites.ts';
import { wizard } from './wizard.ts';

export const ru = {
  banks,
  certificates,
  commandLine,
  common,
  conditions,
  consent,
  controlPanel,
  decisions,
  doctor,
  ends,
  errors,
  fields,
  frame,
  help,
  home,
  journal,
  keys,
  picker,
  registration,
  settings,
  signing,
  sites,
  wizard,
};
