import { describe, expect, it } from 'vitest';
import { createTranslator } from '#shared/texts/i18n.ts';
import { language, type AboutView, type TokenView } from '#shared/views.ts';
import { supportDetails } from '../../../src/renderer/settings/support-details.ts';

const about: AboutView = {
  version: '0.1.0',
  electron: '45.4.1',
  chromium: '150',
  node: '24',
  system: 'Windows 10.0.26200 (x64)',
  transport: 'pcsc',
  dataFolder: 'C:\\Users\\Aigerim\\AppData\\Roaming\\Kilt',
  logFolder: 'C:\\Users\\Aigerim\\AppData\\Roaming\\Kilt\\logs',
};
const token: TokenView = {
  id: 't',
  reader: 'Aktiv KAZTOKEN 00 00',
  state: 'mute',
  serial: '3A5B7C1D',
  model: 'KAZTOKEN',
  label: 'qq111111_qwertyui',
  kind: 'registered',
  profiles: [{ bankId: 'demo', bankName: 'Демо Банк', userId: 'qq111111_qwertyui' }],
  certificates: [
    {
      purpose: 'signature',
      subjectName: 'Сериккызы Айгерим',
      subject: 'CN=Сериккызы Айгерим,SERIALNUMBER=IIN820101300123',
      issuerName: 'CA',
      issuer: 'CN=CA',
      serialNumber: '01',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
      keyOnToken: true,
    },
  ],
  error: { id: 'token-mute', code: '0100013', data: {} },
};

describe.each(language.options)('the details that go into letters to support, in %s', (name) => {
  const { t } = createTranslator(name);
  const text = supportDetails(about, { presence: 'ready', tokens: [token] }, t);

  it('tell versions, system, readers, and the state of each token with its code', () => {
    for (const told of ['0.1.0', '45.4.1', 'Windows 10.0.26200', 'Aktiv KAZTOKEN', '3A5B7C1D', '0100013']) {
      expect(text).toContain(told);
    }
    expect(text).toContain(t('conditions.mute.state'));
  });

  it('name nobody, and no folder that bears a name', () => {
    expect(text).not.toMatch(/aigerim|qq111111|айгерим|820101300123|демо банк/i);
  });

  it('say why there is no token', () => {
    expect(supportDetails(about, { presence: 'service-off', tokens: [] }, t)).toContain(
      t('conditions.service-off.state'),
    );
  });
});
