import { AppModel } from "../model/app.ts";
import type { ConnectionSource } from "../model/connection.ts";
import { Expression, type ValueLike } from "../model/expression.ts";
import { type ParameterOptions, ParameterResource } from "../model/parameter.ts";
import { ConnectionStringExpression, ConnectionStringResource } from "./connection-string.ts";
import { ContainerResource } from "./container.ts";
import { ExecutableResource } from "./executable.ts";
import { NodeAppResource, ScriptAppResource, ViteAppResource } from "./node-app.ts";
import { type RedisOptions, RedisResource } from "./redis.ts";
import { type TunnelOptions, TunnelResource } from "./tunnel.ts";

/** Everything that can be added to an app and needs no cloud. */
export class LocalBuilder extends AppModel {
  /**
   * A value from outside: configuration `Parameters:name`, else it is made up (`generate`) or asked for.
   * @throws RedoubtError `APP_NAME`, `APP_PARAMETER`
   */
  addParameter(name: string, options: ParameterOptions = {}): ParameterResource {
    return this.add(new ParameterResource(this, name, options));
  }

  /** The same from another key of the configuration. */
  addParameterFromConfiguration(
    name: string,
    key: string,
    options: { readonly secret?: boolean } = {},
  ): ParameterResource {
    return this.add(new ParameterResource(this, name, { ...options, key }));
  }

  /**
   * A connection string: from configuration, `ConnectionStrings:name`, or put together by `` refExpr`…` ``.
   * @param from the variable that consumers get it in, or the expression. Default variable `ConnectionStrings__name`
   */
  addConnectionString(name: string, from: Expression): ConnectionStringExpression;
  addConnectionString(name: string, from?: string): ConnectionStringResource;
  addConnectionString(
    name: string,
    from?: string | Expression,
  ): ConnectionStringResource | ConnectionStringExpression {
    return from instanceof Expression
      ? this.add(new ConnectionStringExpression(this, name, from))
      : this.add(new ConnectionStringResource(this, name, from));
  }

  /** A Redis of the app's own: with password and TLS here, a container of the official image when published. */
  addRedis(name: string, options: RedisOptions = {}): RedisResource {
    return this.add(withMadeUpPassword(new RedisResource(this, name, options), options));
  }

  /** A program: `addExecutable("worker", "python", "./worker", ["main.py"])`. */
  addExecutable(
    name: string,
    command: string,
    workingDirectory: string,
    args: readonly ValueLike[] = [],
  ): ExecutableResource {
    return this.add(new ExecutableResource(this, name, command, workingDirectory, args));
  }

  /** A program of Node, in JavaScript or TypeScript: `addNodeApp("api", "./api", "src/server.ts")`. */
  addNodeApp(
    name: string,
    directory: string,
    script: string,
    args: readonly ValueLike[] = [],
  ): NodeAppResource {
    return this.add(new NodeAppResource(this, name, directory, script, args));
  }

  /** A script of a `package.json`: `npm run dev`. */
  addJavaScriptApp(name: string, directory: string, runScript = "dev"): ScriptAppResource {
    return this.add(new ScriptAppResource(this, name, directory, runScript));
  }

  /** The same with upstream's older name and default, `npm run start`. */
  addNpmApp(
    name: string,
    directory: string,
    script = "start",
    args: readonly ValueLike[] = [],
  ): ScriptAppResource {
    return this.add(new ScriptAppResource(this, name, directory, script, args));
  }

  /** A Vite app, with an HTTP endpoint. */
  addViteApp(name: string, directory: string, runScript = "dev"): ViteAppResource {
    return this.add(new ViteAppResource(this, name, directory, runScript));
  }

  /** A container. When the app runs it needs an engine: Docker or Podman. */
  addContainer(name: string, image: string, tag?: string): ContainerResource {
    return this.add(new ContainerResource(this, name, image, tag));
  }

  /** A plain local endpoint in front of a Redis that speaks TLS, for programs that do not. */
  addTunnel(name: string, target: ConnectionSource, options: TunnelOptions = {}): TunnelResource {
    return this.add(new TunnelResource(this, name, target, options));
  }
}

/** At least 22 characters without specials: a comma would end the password inside of a connection string. */
export function withMadeUpPassword(redis: RedisResource, options: RedisOptions): RedisResource {
  if (options.password !== undefined) return redis;
  const password = new ParameterResource(redis.app, `${redis.name}-password`, {
    secret: true,
    generate: { special: false },
  });
  password.parent = redis;
  return redis.withPassword(redis.app.add(password));
}
