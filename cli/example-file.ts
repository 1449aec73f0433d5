import type { Setting, SettingTable } from '@netring/service/setting';

/** Sections of a YAML file inside sections, with settings at the ends. */
interface Section {
  entries: Map<string, Section | Setting<unknown>>;
}

const lineWidth = 110;

/** A YAML file with every key of a service at its default, each with its reason and its other name. */
export function exampleFile(service: 'registry' | 'member', table: SettingTable): string {
  const head = [
    `# Configuration of a ${service}: netring ${service} config/${service}.yaml`,
    '# Every key is here with its default, so that leaving one out changes nothing. null means the default.',
    '# A flag, an environment variable and .env, in this order, win over this file.',
    `# Written by: netring config ${service} --example`,
  ];
  return `${[...head, '', ...sectionLines(sectionsOf(table), '')].join('\n')}\n`;
}

function sectionsOf(table: SettingTable): Section {
  const root: Section = { entries: new Map() };
  for (const one of Object.values(table)) {
    const path = one.yaml.split('.');
    const key = path.pop() ?? one.yaml;
    let section = root;
    for (const part of path) {
      const inner = section.entries.get(part);
      const next = inner !== undefined && 'entries' in inner ? inner : { entries: new Map<string, never>() };
      section.entries.set(part, next);
      section = next;
    }
    section.entries.set(key, one);
  }
  return root;
}

function sectionLines(section: Section, indent: string): string[] {
  return [...section.entries].flatMap(([key, entry]) =>
    'entries' in entry
      ? [`${indent}${key}:`, ...sectionLines(entry, `${indent}  `)]
      : settingLines(key, entry, indent),
  );
}

function settingLines(key: string, one: Setting<unknown>, indent: string): string[] {
  const names = [one.env, one.oldEnv === undefined ? undefined : `once ${one.oldEnv}`].filter((name) => name);
  const about = names.length === 0 ? one.about : `${one.about} [${names.join(', ')}]`;
  const comment = wrap(about, lineWidth - indent.length - 2).map((line) => `${indent}# ${line}`);
  return [...comment, `${indent}${key}: ${yamlValue(one.default)}`];
}

function yamlValue(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(', ')}]`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return typeof value === 'string' && !/^[\w./][\w./:-]*$/.test(text)
    ? `'${text.replaceAll("'", "''")}'`
    : text;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
