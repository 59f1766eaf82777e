import { makeStyles, tokens } from '@fluentui/react-components';

/** Shared by the details of certificates, keys and what can not be read. */
export const useDetailsStyles = makeStyles({
  state: { marginBlockEnd: '8px' },
  sentence: { margin: '0 0 8px', '& + dl': { marginBlockStart: '12px' } },
  heading: {
    margin: '20px 0 8px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  technical: { whiteSpace: 'pre-line' },
  copy: { marginBlockStart: '12px' },
});
