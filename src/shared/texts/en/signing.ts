/** Signing documents and checking signatures. */
export const signing = {
  title: 'Sign',
  tabs: {
    label: 'What to do',
    sign: 'Sign documents',
    check: 'Check a signature',
  },
  drop: 'Drop files here or choose them. The signature of each appears beside it, in the same folder.',
  choose: 'Choose files…',
  documents: 'Documents',
  remove: 'Take {{name}} off the list',
  sizes: {
    bytes: '{{count, number}} B',
    kilobytes: '{{count, number}} KB',
    megabytes: '{{count, number}} MB',
    gigabytes: '{{count, number}} GB',
  },
  preview: {
    label: 'What will be signed: {{name}}',
    reading: 'Reading the document',
    text: 'Text of the document {{name}}',
    picture: 'Picture {{name}}',
    windows1251: 'The file does not name its encoding; it is shown as Windows-1251.',
    none: {
      title: 'This document cannot be shown here',
      pdf: 'Open the PDF in your own program and compare size and hash: this very file will be signed.',
      large:
        'The document is too large. Open it in your own program and compare size and hash: this very file will be signed.',
      format:
        'Kilt does not show files of this kind. Open it in your own program and compare size and hash: this very file will be signed.',
    },
  },
  token: 'Token',
  key: 'Signature key',
  keyValid: 'Issued by {{issuer}}. Valid until {{date}}.',
  keyEnded: 'Issued by {{issuer}}. Not valid, its time ends on {{date}}.',
  noToken: {
    title: 'Plug in a KAZTOKEN',
    text: 'Documents are signed with a token that has a profile.',
  },
  noKey: {
    title: 'There is no signature key on the token',
    text: 'Create a profile in the section Profiles, or plug in another token.',
  },
  form: {
    label: 'Form of the signature',
    detached: 'A file of its own, .p7s',
    attached: 'The document inside the signature, .cms',
  },
  timestamp: 'Time-stamping authority',
  timestampHint: 'An http or https address. Empty: no time-stamp.',
  stop: 'Stop',
  progress: '{{stage}}: {{done, number}} of {{count, number}}',
  result: {
    title: 'Signed: {{signed, number}} of {{count, number}}',
    text: 'The signatures lie beside the documents. Each has a line in the journal.',
    again: 'Sign others',
    openFolder: 'Show in folder',
    outcome: 'Result',
    file: 'Signature file',
  },
  check: {
    drop: 'Drop a signature here or choose it. Kilt finds the document beside it.',
    choose: 'Choose a signature…',
    chooseSigned: 'Name the document…',
    checking: 'Checking the signature',
  },
  sign_one: 'Sign {{count, number}} document',
  sign_other: 'Sign {{count, number}} documents',
  stages: {
    reading: 'Reading documents',
    signing: 'Signing',
    writing: 'Writing signatures',
    finished: 'Done',
  },
  outcomes: {
    waiting: 'waiting',
    signed: 'signed',
    failed: 'not signed',
    cancelled: 'stopped before signing',
  },
  verdicts: {
    valid: {
      title: 'The signature is valid',
      text: 'The document has not changed since it was signed, and a certification authority that Kilt trusts vouches for the signer.',
    },
    doubtful: {
      title: 'The signature is not confirmed',
      text: 'Do not rely on this signature until the reason below is settled.',
    },
    wrong: {
      title: 'The signature is wrong',
      text: 'This document and this signature do not belong together. Do not rely on it.',
    },
  },
  facts: {
    size: 'Size',
    document: 'Document',
    signer: 'Signed by',
    issuer: 'Certificate issued by',
    serial: 'Certificate no.',
    validUntil: 'Certificate valid until',
    claimedAt: 'When, by the signer’s clock',
    timestamp: 'Time-stamp',
    chain: 'Chain',
    digest: 'Hash',
  },
  unknownSigner: 'unknown',
  bytes_one: '{{count, number}} byte',
  bytes_other: '{{count, number}} bytes',
  problems: {
    'document-changed': 'The document was changed after it was signed, or it is another document.',
    'signature-wrong': 'The signature was not made with the key of this certificate, or was changed.',
    'attributes-wrong': 'The signed statements contradict each other or are damaged.',
    'certificate-differs': 'The signature was made with another certificate than the one that came along.',
    'certificate-missing': 'The signer’s certificate is not in the signature: who signed is not known.',
    'hash-weak': 'The signature was made over SHA-1. Another document can be put under such a signature.',
    'algorithm-unsupported':
      'Kilt does not check this signature algorithm: it may be good, but nothing here confirms it.',
    'no-signed-attributes':
      'The signature was made without signed attributes. Kilt does not accept those: they can be passed off as a signature on another document.',
    'key-usage': 'The certificate is not for signatures.',
    'certificate-expired':
      'A certificate of the chain has ended, and the signature has no time-stamp that can be trusted.',
    'certificate-not-yet-valid': 'The time of a certificate of the chain has not begun.',
    'issuer-unknown': 'Kilt does not know the certification authority that issued the certificate.',
    'chain-wrong': 'The chain of certificates is not in order, or is forged.',
  },
  notes: {
    'timestamp-untrusted': 'Nobody vouches for the time-stamping authority: the time can be any.',
    'timestamp-wrong': 'The time-stamp is not for this signature and does not count.',
    'no-timestamp': 'There is no time-stamp: only the signer says when it was signed.',
    'countersignature-ignored': 'Somebody else has countersigned; Kilt does not check that.',
    'certificate-not-named':
      'The signature does not say with which certificate it was made (not CAdES). KISC’s programs sign like this.',
    'revocation-not-checked': 'Whether the certificate was revoked has not been checked.',
  },
};
