import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSameHolder } from '#main/enrolment/renewal/certificate-holder.ts';
import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';

const openssl = new OpensslWorkshop();
beforeAll(() => {
  openssl.ecKey('root');
  openssl.root('root', '/C=KZ/CN=Root');
  openssl.ecKey('holder');
});
afterAll(() => {
  openssl.remove();
});

const certificateOf = (subject: string) => {
  openssl.certificate('holder', 'root', subject);
  return openssl.der('holder');
};

describe('a new certificate names the holder of the old one', () => {
  it.each([
    ['who has the same name and user ID', '/UID=qq1/CN=Айгерим', '/UID=qq1/CN=Айгерим', true],
    ['who has married', '/UID=qq1/CN=Сапарова', '/UID=qq1/CN=Омарова', true],
    ['whose name stands in another order', '/C=KZ/UID=qq1/CN=Айгерим', '/CN=Айгерим/UID=qq1/C=KZ', true],
    ['but with another user ID', '/UID=qq1/CN=Айгерим', '/UID=qq2/CN=Айгерим', false],
    ['but without the user ID', '/UID=qq1/CN=Айгерим', '/CN=Айгерим', false],
    ['but with another IIN', '/UID=qq1/serialNumber=IIN1', '/UID=qq1/serialNumber=IIN2', false],
    ['where nothing but the name identifies', '/C=KZ/CN=Айгерим', '/C=KZ/CN=Айгерим', true],
    ['where nothing but the name identifies, and it is another', '/CN=Айгерим', '/CN=Данияр', false],
  ])('%s', (_, before, after, same) => {
    expect(isSameHolder(certificateOf(before), certificateOf(after))).toBe(same);
  });
});
