import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';

const questions = [
  'noToken',
  'blocked',
  'twoPins',
  'interrupted',
  'keyFile',
  'ending',
  'noKey',
  'format',
  'support',
] as const;

const useStyles = makeStyles({
  surface: { maxWidth: '640px' },
  answer: { margin: '0 0 12px' },
});

/** What people ask support most often. It is part of the program: where the network is down it is needed most. */
export function Help({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onOpenChange={(_, data) => {
        if (!data.open) onClose();
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t('help.title')}</DialogTitle>
          <DialogContent>
            <Accordion collapsible>
              {questions.map((name) => (
                <AccordionItem key={name} value={name}>
                  <AccordionHeader>{t(`help.${name}.question`)}</AccordionHeader>
                  <AccordionPanel>
                    <p className={styles.answer}>{t(`help.${name}.answer`)}</p>
                  </AccordionPanel>
                </AccordionItem>
              ))}
            </Accordion>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
