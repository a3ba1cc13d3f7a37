import { exported, lines, quoted, type Snippet } from "./facts.ts";

/** redis-py 5 and newer. */
export const python: Snippet = {
  name: "python",
  title: "Python, redis-py",
  text: (facts) => {
    const { tls, caFile, cluster } = facts;
    const type = cluster ? "RedisCluster" : "Redis";
    return lines(
      `# ${exported("REDIS_URL", "uri", facts)}`,
      "import os",
      "",
      `from redis import ${type}`,
      "",
      tls
        ? lines(
            `client = ${type}.from_url(`,
            '    os.environ["REDIS_URL"],',
            `    ssl_ca_certs=${quoted(caFile)},`,
            "    ssl_check_hostname=True,",
            ")",
          )
        : `client = ${type}.from_url(os.environ["REDIS_URL"])`,
      "print(client.ping())",
    );
  },
};

/** go-redis 9. */
export const go: Snippet = {
  name: "go",
  title: "Go, go-redis",
  text: (facts) => {
    const { tls, caFile, cluster } = facts;
    return lines(
      `// ${exported("REDIS_URL", "uri", facts)}`,
      "package main",
      "",
      "import (",
      '\t"context"',
      tls && '\t"crypto/x509"',
      '\t"fmt"',
      '\t"os"',
      "",
      '\t"github.com/redis/go-redis/v9"',
      ")",
      "",
      "func main() {",
      `\toptions, err := redis.${cluster ? "ParseClusterURL" : "ParseURL"}(os.Getenv("REDIS_URL"))`,
      "\tif err != nil {",
      "\t\tpanic(err)",
      "\t}",
      tls && `\tpem, err := os.ReadFile(${quoted(caFile)})`,
      tls && "\tif err != nil {",
      tls && "\t\tpanic(err)",
      tls && "\t}",
      tls && "\troots := x509.NewCertPool()",
      tls && "\tif !roots.AppendCertsFromPEM(pem) {",
      tls && '\t\tpanic("the CA file holds no certificate")',
      tls && "\t}",
      tls && "\toptions.TLSConfig.RootCAs = roots",
      `\tclient := redis.${cluster ? "NewClusterClient" : "NewClient"}(options)`,
      "\tdefer client.Close()",
      "\tpong, err := client.Ping(context.Background()).Result()",
      "\tif err != nil {",
      "\t\tpanic(err)",
      "\t}",
      "\tfmt.Println(pong)",
      "}",
    );
  },
};

/** Lettuce 6. */
export const java: Snippet = {
  name: "java",
  title: "Java, Lettuce",
  text: (facts) => {
    const { tls, caFile, cluster } = facts;
    const client = cluster ? "RedisClusterClient" : "RedisClient";
    const options = cluster ? "ClusterClientOptions" : "ClientOptions";
    const connection = cluster ? "StatefulRedisClusterConnection" : "StatefulRedisConnection";
    const folder = cluster ? "io.lettuce.core.cluster." : "io.lettuce.core.";
    return lines(
      `// ${exported("REDIS_URL", "uri", facts)}`,
      ...[
        ...(tls ? [`${folder}${options}`, "io.lettuce.core.SslOptions", "java.io.File"] : []),
        `${folder}${client}`,
        `${folder}api.${connection}`,
      ]
        .sort()
        .map((name) => `import ${name};`),
      "",
      "public class Main {",
      "  public static void main(String[] arguments) {",
      `    ${client} client = ${client}.create(System.getenv("REDIS_URL"));`,
      tls && `    SslOptions tls = SslOptions.builder().trustManager(new File(${quoted(caFile)})).build();`,
      tls && `    client.setOptions(${options}.builder().sslOptions(tls).build());`,
      `    try (${connection}<String, String> connection = client.connect()) {`,
      "      System.out.println(connection.sync().ping());",
      "    }",
      "    client.shutdown();",
      "  }",
      "}",
    );
  },
};

/** Predis 2 and 3. */
export const php: Snippet = {
  name: "php",
  title: "PHP, Predis",
  text: (facts) => {
    const { tls, caFile, cluster, database } = facts;
    const parameters = lines(
      "[",
      `    'scheme' => '${tls ? "tls" : "tcp"}',`,
      "    'host' => $url['host'],",
      "    'port' => $url['port'],",
      ...(cluster ? [] : credentials("    ")),
      database > 0 && `    'database' => ${database},`,
      tls && !cluster && `    'ssl' => ${ssl(caFile)},`,
      "]",
    );
    const options = lines(
      "[",
      "    'cluster' => 'redis',",
      "    'parameters' => [",
      ...credentials("        "),
      tls && "        'scheme' => 'tls',",
      tls && `        'ssl' => ${ssl(caFile)},`,
      "    ],",
      "]",
    );
    return lines(
      "<?php",
      `// ${exported("REDIS_URL", "uri", facts)}`,
      "require 'vendor/autoload.php';",
      "",
      "$url = parse_url(getenv('REDIS_URL'));",
      cluster
        ? `$client = new Predis\\Client([${parameters}], ${options});`
        : `$client = new Predis\\Client(${parameters});`,
      cluster ? "echo $client->get('greeting'), PHP_EOL;" : "echo $client->ping(), PHP_EOL;",
    );
  },
};

function credentials(indent: string): string[] {
  return ["username", "password"].map(
    (name) => `${indent}'${name}' => rawurldecode($url['${name === "username" ? "user" : "pass"}']),`,
  );
}

function ssl(caFile: string): string {
  const path = caFile.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `['cafile' => '${path}', 'verify_peer' => true, 'verify_peer_name' => true]`;
}

/** StackExchange.Redis 2. It finds out by itself whether it talks to a cluster. */
export const dotnet: Snippet = {
  name: "dotnet",
  title: ".NET, StackExchange.Redis",
  text: (facts) => {
    const { tls, caFile } = facts;
    return lines(
      `// ${exported("REDIS_CONFIGURATION", "stackexchange", facts)}`,
      "using StackExchange.Redis;",
      "",
      'var options = ConfigurationOptions.Parse(Environment.GetEnvironmentVariable("REDIS_CONFIGURATION")!);',
      tls && `options.TrustIssuer(${quoted(caFile)});`,
      "using var redis = await ConnectionMultiplexer.ConnectAsync(options);",
      "Console.WriteLine(await redis.GetDatabase().PingAsync());",
    );
  },
};
