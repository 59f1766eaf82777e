import type { Origin } from '../origin.ts';
import type { PageDoor, PageRequest } from '../page-request.ts';
import { basicsModule, readBasics } from './basics.ts';
import { greeting, heartbeat, jsonFailure, moduleNotFound, readCall, type NcalayerCall } from './call.ts';
import { commonUtilsModule, readCommonUtils, type ReadMethod } from './common-utils.ts';

const appletModule = 'kz.gov.pki.knca.applet.Applet';

/** One page's conversation in the manner of NCALayer: what it sends as text, and the text it gets back. */
export class NcalayerSession {
  readonly greeting = greeting;
  readonly #origin: Origin;
  readonly #door: PageDoor;
  #requests = 0;

  constructor(origin: Origin, door: PageDoor) {
    this.#origin = origin;
    this.#door = door;
  }

  /** Never rejects. @param signal aborted when the page has gone */
  async answer(frame: string, signal: AbortSignal): Promise<string> {
    if (frame === heartbeat) return heartbeat;
    const call = readCall(frame);
    if (!call) return JSON.stringify(jsonFailure);
    const answer = await this.#answerCall(read(call), signal);
    const named = call.uuid === undefined ? answer : { ...(answer as object), uuid: call.uuid };
    return JSON.stringify(named);
  }

  async #answerCall(method: ReadMethod, signal: AbortSignal): Promise<unknown> {
    if (!('request' in method)) return method.answer;
    const request: PageRequest = {
      ...method.request,
      id: String((this.#requests += 1)),
      origin: this.#origin,
      way: 'loopback',
    };
    const answer = await this.#door.ask(request, signal);
    return answer.outcome === 'done' ? method.done(answer.result) : method.refused(answer);
  }
}

function read(call: NcalayerCall): ReadMethod {
  switch (call.module) {
    case commonUtilsModule:
      return readCommonUtils(call);
    case basicsModule:
      return readBasics(call);
    case appletModule:
      // Its calls carry the password of the key in the page: switched off there, and never built here.
      return { answer: { errorCode: 'MODULE_NOT_FOUND' } };
    default:
      return { answer: moduleNotFound };
  }
}
