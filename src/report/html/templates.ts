/** The precompiled templates as functions from a view model to HTML. */
import runtime from 'handlebars/runtime.js';
import { CSS, CSS_HASH, JS, JS_HASH, TEMPLATES } from '../templates.generated.ts';

export type TemplateName = keyof typeof TEMPLATES;
type Template = (view: object) => string;

/** The part of the runtime that is used; its own type file declares nothing. */
interface Engine {
  readonly create: () => Engine;
  readonly template: (precompiled: unknown) => Template;
  readonly registerPartial: (name: string, template: Template) => void;
}

/** Text of the page that is ours, with the hashes by which its policy allows it. */
export const ASSETS = { css: CSS, cssHash: CSS_HASH, js: JS, jsHash: JS_HASH } as const;

const templates = loadTemplates(runtime);

/** Renders a view model in which every member that the template names is present: a missing one is a fault of ours, and thrown. */
export function renderTemplate(name: TemplateName, view: object): string {
  const template = templates.get(name);
  if (template === undefined) throw new Error(`Failed to render ${name}: there is no such template`);
  return template(view);
}

function loadTemplates(handlebars: unknown): ReadonlyMap<string, Template> {
  if (!isEngine(handlebars)) throw new Error('Failed to load the templates: handlebars/runtime.js is not what it was');
  const engine = handlebars.create();
  const loaded = new Map<string, Template>();
  for (const [name, precompiled] of Object.entries(TEMPLATES)) {
    const template = engine.template(precompiled);
    engine.registerPartial(name, template);
    loaded.set(name, template);
  }
  return loaded;
}

function isEngine(value: unknown): value is Engine {
  const members = ['create', 'template', 'registerPartial'];
  return (
    typeof value === 'object' &&
    value !== null &&
    members.every((name) => typeof Reflect.get(value, name) === 'function')
  );
}
