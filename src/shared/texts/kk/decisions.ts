import type { TextsOf } from '../shape.ts';

export const decisions: TextsOf<'decisions'> = {
  issued: '{{name}}, {{token}} токені: жаңа кілттерге көшу үшін «Сертификатты алу» түймесін басыңыз.',
  refused:
    '{{name}}, {{token}} токені: бұрынғы кілттер қолданыста. Бас тарту себебі «Кілттер» бөлімінде көрсетілген.',
  registered: '{{userId}}: банк тіркеуді қабылдады, кіруге болады.',
  stoppedTitle: 'Тіркеу тоқтап қалды',
  stopped:
    '{{userId}}: {{problem}}. Токенді пішімдемеңіз: әрі қарай не істеу керегі «Профильдер» бөлімінде жазылған.',
};
