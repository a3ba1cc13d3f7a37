import { atLeastOne, type OptionRow, seconds } from "../option-row.ts";

/** How long things may take. */
export const timeOptions = {
  connectTimeout: {
    type: "duration",
    effect: "used",
    default: "the client's; StackExchange: the larger of 5000 and syncTimeout",
    words: {
      url: ["connecttimeout"],
      servicestack: ["connecttimeout"],
      stackexchange: ["connectTimeout"],
      "redis-cli": [seconds("-t")],
    },
    meaning: "Deadline for all stages of connecting together.",
  },
  commandTimeout: {
    type: "duration",
    effect: "used",
    default: "the client's; StackExchange: syncTimeout",
    words: {
      url: ["commandtimeout", "receivetimeout"],
      servicestack: ["receivetimeout"],
      stackexchange: [atLeastOne("asyncTimeout")],
    },
    meaning: "Deadline of a command from call to reply.",
  },
  syncTimeout: {
    type: "duration",
    effect: "used",
    default: "5000",
    words: { stackexchange: [atLeastOne("syncTimeout")] },
    meaning: "Deadline of .NET's blocking calls; stands in for commandTimeout where that is not given.",
  },
  sendTimeout: {
    type: "duration",
    effect: "kept",
    tuning: true,
    default: "none",
    words: { url: ["sendtimeout"], servicestack: ["sendtimeout"] },
    meaning: "Longest time for one write to the socket.",
  },
  retryTimeout: {
    type: "duration",
    effect: "kept",
    tuning: true,
    default: "10000",
    words: { url: ["retrytimeout"], servicestack: ["retrytimeout"] },
    meaning: "Time that automatic retries of one command may take together; 0 for no retry.",
  },
  idleTimeout: {
    type: "duration",
    effect: "kept",
    tuning: true,
    default: "240000",
    words: {
      url: [seconds("idletimeoutsecs"), seconds("idletimeout")],
      servicestack: [seconds("idletimeoutsecs"), seconds("idletimeout")],
    },
    meaning: "Idle time after which a connection is probed before it is used again.",
  },
  keepAlive: {
    type: "duration",
    effect: "kept",
    tuning: true,
    default: "60000",
    words: { url: [seconds("keepalive")], stackexchange: [seconds("keepAlive")] },
    meaning: "Idle time after which a PING is sent.",
  },
} as const satisfies Record<string, OptionRow>;
