import { makeStyles, tokens } from '@fluentui/react-components';

/** A button that destroys something: outlined in the colour of danger, never the primary one. */
export const useDestructiveStyles = makeStyles({
  button: {
    color: tokens.colorStatusDangerForeground3,
    borderTopColor: tokens.colorStatusDangerBorder2,
    borderRightColor: tokens.colorStatusDangerBorder2,
    borderBottomColor: tokens.colorStatusDangerBorder2,
    borderLeftColor: tokens.colorStatusDangerBorder2,
    ':hover': { color: tokens.colorStatusDangerForeground3 },
  },
});
