import type { App } from "../model/app.ts";
import type { ConnectionProperty, HasConnectionString } from "../model/connection.ts";
import type { Expression } from "../model/expression.ts";
import { ParameterResource } from "../model/parameter.ts";
import { Resource } from "../model/resource.ts";
import type { Value } from "../model/value.ts";

/**
 * A connection string that comes from outside: configuration, `ConnectionStrings:name`, else it is asked for. Published it is a
 * secret parameter, `{name.connectionString}`.
 */
export class ConnectionStringResource extends ParameterResource implements HasConnectionString {
  readonly connectionVariable: string | undefined;

  /** @param variable that consumers get it in. Default `ConnectionStrings__name` */
  constructor(app: App, name: string, variable?: string) {
    super(app, name, { secret: true, key: `ConnectionStrings:${name}` });
    this.connectionVariable = variable;
  }

  connectionString(): Value {
    return this;
  }

  connectionProperties(): readonly ConnectionProperty[] {
    return [];
  }
}

/** A connection string that is put together from values of the app. Published as `value.v0`. */
export class ConnectionStringExpression extends Resource implements HasConnectionString {
  readonly type = "connection-string";
  readonly expression: Expression;

  constructor(app: App, name: string, expression: Expression) {
    super(app, name);
    this.expression = expression;
  }

  connectionString(): Value {
    return this.expression;
  }

  connectionProperties(): readonly ConnectionProperty[] {
    return [];
  }
}
