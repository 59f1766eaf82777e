import type { BankSystem } from '#main/enrolment/bank-system.ts';

/** The systems of the manuals, as this one bank would have them. */
export const demoSystemNames = [
  'starbanking',
  'internet-banking-nuc',
  'internet-banking',
  'dbo-bs-client',
] as const;
export type DemoSystemName = (typeof demoSystemNames)[number];

type Own = Pick<BankSystem, 'name' | 'description' | 'customers' | 'authentication' | 'help'>;

const act = {
  ru: 'ID пользователя напечатан в акте приема-передачи демо-банка',
  kk: 'Пайдаланушының ID демо-банктің қабылдау-өткізу актісінде басылған',
  en: 'The user ID is printed on the demo bank’s acceptance act',
};
const otpCard = {
  ru: 'ПИН лежит в файле pin.txt: так демо-банк выдает OTP-карту',
  kk: 'ДСН pin.txt файлында: демо-банк OTP-картаны осылай береді',
  en: 'The registration PIN is in pin.txt: that is the demo bank’s OTP card',
};
const keyFile = {
  ru: 'Ключевой файл Key.pfx или GOST.pfx лежит рядом с pin.txt',
  kk: 'Key.pfx немесе GOST.pfx негізгі файлы pin.txt қасында тұр',
  en: 'The key file Key.pfx or GOST.pfx lies beside pin.txt',
};

const systems: Readonly<Record<DemoSystemName, Own>> = {
  // S1: a person with a NUC signature.
  starbanking: {
    name: { ru: 'StarBanking', kk: 'StarBanking', en: 'StarBanking' },
    description: {
      ru: 'Для физических лиц с подписью НУЦ на токене',
      kk: 'Токенінде ҰКО қолтаңбасы бар жеке тұлғаларға',
      en: 'For persons who have a NUC signature on the token',
    },
    customers: 'person',
    authentication: 'national-signature',
    help: { userId: act, registrationPin: otpCard },
  },
  // S2: the same for a legal person.
  'internet-banking-nuc': {
    name: {
      ru: 'Интернет-Банкинг с подписью НУЦ',
      kk: 'ҰКО қолтаңбасымен Интернет-Банкинг',
      en: 'Internet-Banking with a NUC signature',
    },
    description: {
      ru: 'Для организаций: подписью НУЦ руководителя или сотрудника',
      kk: 'Ұйымдарға: басшының немесе қызметкердің ҰКО қолтаңбасымен',
      en: 'For organisations: with the NUC signature of the head or an employee',
    },
    customers: 'organisation',
    authentication: 'national-signature',
    help: { userId: act, registrationPin: otpCard },
  },
  // S3, S5: initial keys of the bank.
  'internet-banking': {
    name: { ru: 'Интернет-Банкинг', kk: 'Интернет-Банкинг', en: 'Internet-Banking' },
    description: {
      ru: 'Для организаций с ключевым файлом банка на USB-носителе',
      kk: 'USB-тасымалдағышта банктің негізгі файлы бар ұйымдарға',
      en: 'For organisations that have the bank’s key file on a USB stick',
    },
    customers: 'organisation',
    authentication: 'initial-key',
    help: { userId: act, registrationPin: otpCard, keyFile },
  },
  // S4: its keys are regenerated every year.
  'dbo-bs-client': {
    name: { ru: 'ДБО BS-Client', kk: 'ДБО BS-Client', en: 'DBO BS-Client' },
    description: {
      ru: 'Для организаций, по ID и ПИНу, без ключевого файла',
      kk: 'Ұйымдарға, ID және ДСН бойынша, негізгі файлсыз',
      en: 'For organisations, with ID and registration PIN, without a key file',
    },
    customers: 'organisation',
    authentication: 'id-and-pin',
    help: { userId: act, registrationPin: otpCard },
  },
};

/**
 * One system of the demo bank: what all of them share, with what is its own.
 *
 * @param national what it says of the demo national authority, where it needs one
 */
export function demoSystem(
  name: DemoSystemName,
  shared: BankSystem,
  national: BankSystem['national'],
): BankSystem {
  const own = systems[name];
  const { authentication, customers } = own;
  const { national: _, ...common } = shared;
  return {
    ...common,
    ...own,
    id: `demo-${name}`,
    ca: { ...shared.ca, registrationToken: authentication !== 'id-and-pin' },
    support: { phone: '+7 700 000 00 00', site: `${shared.api.origin}/` },
    ...(authentication === 'national-signature' && national
      ? { national: { ...national, owner: customers } }
      : {}),
  };
}
