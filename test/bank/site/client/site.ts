/** The script of all pages of the demo bank's site. */
import { startAccountPage } from './account-page.ts';
import { startDoctorPage } from './doctor-page.ts';
import { startFrontPage } from './front-page.ts';
import { startWaySwitch } from './way-switch.ts';

startWaySwitch();
switch (document.body.dataset['page']) {
  case 'front':
    startFrontPage();
    break;
  case 'account':
    startAccountPage();
    break;
  case 'doctor':
    startDoctorPage();
    break;
  default:
    break;
}
