import { ConnectionStringReference } from "../../model/connection.ts";
import { EndpointValue } from "../../model/endpoint.ts";
import { Conditional, Expression } from "../../model/expression.ts";
import type { Value } from "../../model/value.ts";
import { parameterSymbol } from "../../names/symbol.ts";
import type { AzureContainerAppEnvironment } from "../../resources/azure/compute/container-app-environment.ts";
import type { Infrastructure } from "../../resources/azure/infrastructure.ts";
import { call, type Expr, interpolate, lit } from "../../template/expr.ts";
import { branchOf } from "../branch.ts";
import type { PortNumbers } from "../manifest/bindings.ts";
import { isHttp, mainEndpoint } from "./ingress.ts";

/** Values of the app as they stand in the module of a program: everything that is not known becomes a parameter. */
export class AppValues {
  readonly #infrastructure: Infrastructure;
  readonly #environment: AzureContainerAppEnvironment;
  readonly #ports: PortNumbers;

  constructor(infrastructure: Infrastructure, environment: AzureContainerAppEnvironment, ports: PortNumbers) {
    this.#infrastructure = infrastructure;
    this.#environment = environment;
    this.#ports = ports;
  }

  /** The expression for a value. */
  async use(value: Value): Promise<Expr> {
    if (value instanceof ConnectionStringReference) return this.use(value.resource.connectionString());
    if (value instanceof Conditional) return this.use(await branchOf(value));
    if (value instanceof EndpointValue) return this.#address(value);
    if (value instanceof Expression) return this.#text(value);
    if (!value.published.includes("{")) return lit(value.published);
    return this.#infrastructure.use(value, { as: parameterSymbol(value.published) });
  }

  async #text({ parts }: Expression): Promise<Expr> {
    const strings: string[] = [""];
    const values: Expr[] = [];
    for (const part of parts) {
      if (typeof part === "string") strings[strings.length - 1] += part;
      else {
        const inner = await this.use(part.value);
        values.push(part.format === "uri" ? call("uriComponent", inner) : inner);
        strings.push("");
      }
    }
    const [only] = values;
    return only !== undefined && values.length === 1 && strings.join("") === ""
      ? only
      : interpolate(strings, ...values);
  }

  /** HTTP goes through the environment's own front, which speaks TLS at 443; everything else is reached by the program's name. */
  #address({ endpoint, property }: EndpointValue): Expr {
    const { owner, scheme } = endpoint;
    const port = this.#ports.of(endpoint);
    const fronted = isHttp(endpoint) && mainEndpoint(owner) === endpoint;
    const host = fronted ? this.#frontedHost(owner.name, endpoint.external) : lit(owner.name);
    switch (property) {
      case "scheme":
        return lit(fronted ? "https" : scheme);
      case "tlsEnabled":
        return lit(fronted || endpoint.tls ? "True" : "False");
      case "targetPort":
        return lit(String(port));
      case "port":
        return lit(fronted ? "443" : String(endpoint.port ?? port));
      case "host":
        return host;
      case "hostAndPort":
        return interpolate`${host}:${fronted ? 443 : (endpoint.port ?? port)}`;
      case "url":
        return fronted
          ? interpolate`https://${host}`
          : interpolate`${scheme}://${host}:${endpoint.port ?? port}`;
    }
  }

  #frontedHost(name: string, external: boolean): Expr {
    const domain = this.#infrastructure.use(this.#environment.defaultDomain());
    return interpolate`${name}.${external ? "" : "internal."}${domain}`;
  }
}
