import type { FieldRow, OptionRow } from "@redoubt/services";
import type { Command } from "commander";
import type { Invocation } from "../../invocation.ts";
import { loadServices, type ServicesFace } from "../../service/face.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

/** Adds `redoubt service types`: what can be created, and every option with `-v`. */
export function addServiceTypes(service: Command, { output }: Invocation): void {
  const command = service
    .command("types")
    .description("List types of services; with -v every option that -c takes.");
  addTableFlags(command, { details: true }).action(async (flags: TableFlags) => {
    const face = await loadServices();
    const items = face.serviceTypeNames.map((type) => ({
      service_type: type,
      description: face.serviceTypes[type].description,
      default_plan: face.serviceTypes[type].defaultPlan,
      user_config: Object.fromEntries(optionsOf(face, type)),
    }));
    if (!flags.verbose || flags.json || flags.format !== undefined)
      return printItems(items, ["service_type", "description"], flags, output);
    for (const { service_type, description, user_config } of items) {
      output.line(`${output.paint("strong", service_type)}  ${description}`);
      for (const [name, { takes, default: value, meaning }] of Object.entries(user_config)) {
        output.line(`    -c ${name}=…${value === undefined ? "" : `  (default ${JSON.stringify(value)})`}`);
        output.line(output.paint("faint", `        ${meaning} Takes ${takes}.`));
      }
    }
  });
}

interface OptionDocument {
  readonly takes: string;
  readonly default?: unknown;
  readonly create_only: boolean;
  readonly meaning: string;
  readonly here: string;
}

function optionsOf(face: ServicesFace, type: keyof ServicesFace["optionTables"]): [string, OptionDocument][] {
  const document = (row: OptionRow | FieldRow, { createOnly, here }: Partial<OptionRow>): OptionDocument => ({
    takes: face.allowed(row.type),
    ...(row.default !== undefined && { default: row.default }),
    create_only: createOnly === true,
    meaning: row.meaning,
    here: here ?? "",
  });
  return [...face.optionTables[type]].flatMap(([name, row]): [string, OptionDocument][] =>
    row.type.kind === "group"
      ? Object.entries(row.type.fields).map(([field, known]) => [`${name}.${field}`, document(known, row)])
      : [[name, document(row, row)]],
  );
}
