import type { Questions } from "../../provision/questions.ts";
import { terminalQuestions } from "../../provision/terminal.ts";
import type { LogPrinter } from "../logs/log-printer.ts";

/** Questions about Azure at the terminal, while lines of logs are held back; null where there is no terminal. */
export function heldQuestions(printer: LogPrinter): Questions | null {
  const questions = terminalQuestions();
  if (questions === null) return null;
  const held = async <T>(ask: () => Promise<T>): Promise<T> => {
    printer.hold();
    try {
      return await ask();
    } finally {
      printer.release();
    }
  };
  return {
    choose: (...words) => held(() => questions.choose(...words)),
    text: (...words) => held(() => questions.text(...words)),
    confirm: (...words) => held(() => questions.confirm(...words)),
  };
}
