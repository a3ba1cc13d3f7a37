import { describe, expect, test } from "vitest";
import { clouds } from "../../../src/provision/cloud.ts";
import { readSettings } from "../../../src/provision/settings.ts";

const read = (all: Readonly<Record<string, string>>) => readSettings((key) => all[key]);
const id = "0F0E0D0C-0000-4000-8000-000000000001";

test("Without a word there is the public cloud and nothing else", () => {
  expect(read({})).toEqual({
    groupPrefix: "rg-redoubt",
    credentialSource: "Default",
    cloud: clouds["AzureCloud"],
  });
});

test("Every key is read, in the form in which Azure has it", () => {
  expect(
    read({
      "Azure:SubscriptionId": ` ${id} `,
      "Azure:Location": "West Europe",
      "Azure:ResourceGroup": "rg-Shop.(1)",
      "Azure:ResourceGroupPrefix": "rg-x",
      "Azure:AllowResourceGroupCreation": "True",
      "Azure:TenantId": "Contoso.onmicrosoft.com",
      "Azure:CredentialSource": "azurecli",
      "Azure:CredentialProcessTimeoutSeconds": "30",
      "Azure:Cloud": "usgovernment",
    }),
  ).toEqual({
    subscription: id.toLowerCase(),
    location: "westeurope",
    group: "rg-Shop.(1)",
    groupPrefix: "rg-x",
    mayMakeGroup: true,
    tenant: "contoso.onmicrosoft.com",
    credentialSource: "AzureCli",
    credentialProcessTimeout: 30_000,
    cloud: clouds["AzureUSGovernment"],
  });
});

describe("What is wrong is told with its key", () => {
  test.each([
    ["Azure:SubscriptionId", "shop", "no GUID"],
    ["Azure:Location", "west-europe!", "no region"],
    ["Azure:ResourceGroup", "1shop", "begins with a letter"],
    ["Azure:ResourceGroup", "a..b", "no two dots"],
    ["Azure:ResourceGroup", "ab.", "does not end in a dot"],
    ["Azure:ResourceGroup", `a${"b".repeat(90)}`, "at most 90"],
    ["Azure:ResourceGroup", "a b", "has only letters"],
    ["Azure:AllowResourceGroupCreation", "maybe", "true or false"],
    ["Azure:TenantId", "nobody", "neither a GUID nor a domain"],
    ["Azure:CredentialSource", "AzureCly", "no source of that name"],
    ["Azure:CredentialProcessTimeoutSeconds", "4", "from 5 to 600"],
    ["Azure:Cloud", "AzureClod", "no cloud of that name"],
    ["Azure:ResourceManagerEndpoint", "http://localhost", "no address of a Resource Manager"],
  ])("%s = %s", (key, value, words) => {
    expect(() => read({ [key]: value })).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID_VALUE",
        message: expect.stringMatching(new RegExp(`^${key}.*${words}`)),
      }),
    );
  });

  test("the nearest name is offered", () => {
    expect(() => read({ "Azure:CredentialSource": "AzureCly" })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("AzureCli?") }),
    );
    expect(() => read({ "Azure:Cloud": "AzureClod" })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("AzureCloud?") }),
    );
  });

  test("two words for the cloud are one too many", () => {
    expect(() =>
      read({ "Azure:Cloud": "AzureCloud", "Azure:ResourceManagerEndpoint": "https://localhost:8443" }),
    ).toThrow(expect.objectContaining({ code: "CONFIG_AMBIGUOUS" }));
  });
});
