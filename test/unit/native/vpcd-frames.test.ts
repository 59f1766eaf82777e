import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_VPCD_PAYLOAD, VpcdFrameReader, encodeVpcdFrame } from '#main/token/vpcd-frames.ts';

describe('vpcd frames', () => {
  it('carry a big-endian length before the payload', () => {
    expect(encodeVpcdFrame(Uint8Array.of(4))).toEqual(Buffer.from('000104', 'hex'));
    expect(encodeVpcdFrame(new Uint8Array(258)).subarray(0, 2)).toEqual(Buffer.from('0102', 'hex'));
  });

  it('hold at most 65535 bytes', () => {
    expect(encodeVpcdFrame(new Uint8Array(MAX_VPCD_PAYLOAD)).length).toBe(2 + MAX_VPCD_PAYLOAD);
    expect(() => encodeVpcdFrame(new Uint8Array(MAX_VPCD_PAYLOAD + 1))).toThrow(RangeError);
  });

  it('come out as they went in, wherever the stream is cut', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    const cuts = fc.array(fc.nat({ max: 2600 }), { maxLength: 20 });
    fc.assert(
      fc.property(payloads, cuts, (sent, cutAt) => {
        const stream = Buffer.concat(sent.map(encodeVpcdFrame));
        const edges = [
          0,
          ...cutAt.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b),
          stream.length,
        ];
        const reader = new VpcdFrameReader();
        const received = edges
          .slice(1)
          .flatMap((end, index) => reader.push(stream.subarray(edges[index], end)));
        expect(received.map((payload) => Buffer.from(payload).toString('hex'))).toEqual(
          sent.map((payload) => Buffer.from(payload).toString('hex')),
        );
      }),
    );
  });

  it('are not touched by what happens to the received chunk later', () => {
    const chunk = encodeVpcdFrame(Uint8Array.of(0x90, 0x00));
    const reader = new VpcdFrameReader();
    reader.push(chunk.subarray(0, 3));
    const [payload] = reader.push(chunk.subarray(3));
    chunk.fill(0xff);
    expect(payload).toEqual(Uint8Array.of(0x90, 0x00));
  });
});
