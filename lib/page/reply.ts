import type { CatalogResource } from "../catalog/catalog";
import type { CatalogView } from "../cli/catalog-view";
import { Refusal } from "../cli/refusal";
import { QUOTE_SUBJECTS, subjectOf } from "../cli/subject-words";
import { didYouMean } from "../problems/nearest";
import { type Answer, answer, sentences } from "../wording/answer";
import { can } from "../wording/can-answer";
import { QUESTION_MARK } from "../wording/question-mark";
import { reachAnswer } from "../wording/reach-answer";
import { clientName } from "../wording/resources";
import { whoCan } from "../wording/who-can-answer";
import { type Question, questionOf } from "./question";

const QUESTIONS = [
  "who can publish SUBJECT",
  "who can subscribe SUBJECT",
  "can USER publish SUBJECT",
  "can USER subscribe SUBJECT",
  "what can USER do",
  "who can reach STREAM",
];

const named = (name: string) => (resource: CatalogResource) =>
  resource.stream === name || clientName(resource) === name;

function aboutStream(view: CatalogView, name: string): Answer {
  const { resources } = view.model;
  const found = resources.find(named(name));
  if (!found)
    throw new Refusal(`no stream or bucket ${name} in the catalog`, [didYouMean(name, resources.map(clientName))]);
  return reachAnswer(view, found);
}

function answered(view: CatalogView, question: Question): Answer {
  switch (question.kind) {
    case "who-can": {
      const { direction, subject, account } = question;
      return whoCan(view, direction, subjectOf(subject), account && view.account(account).name);
    }
    case "can": {
      const { user, direction, subject, queue } = question;
      const asked = subjectOf(subject);
      return can(view, view.member(user), direction, asked, queue);
    }
    case "user":
      return view.answerAbout(question.name);
    case "stream":
      return aboutStream(view, question.name);
    case "name": {
      const { name } = question;
      if (view.model.member(name)) return view.answerAbout(name);
      if (view.model.resources.some(named(name))) return aboutStream(view, name);
      return whoCan(view, "publish", subjectOf(name));
    }
  }
}

/** The answer to a text, which says so where there is none. */
export function answerTo(view: CatalogView, text: string): Answer {
  const question = questionOf(text);
  if (!question)
    return answer(
      "This is no question that is understood. Ask one of these:",
      sentences([...QUESTIONS, QUESTION_MARK]),
    );
  try {
    return answered(view, question);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return answer(error.message, sentences(error.hints.filter((hint) => hint !== QUOTE_SUBJECTS)));
  }
}
