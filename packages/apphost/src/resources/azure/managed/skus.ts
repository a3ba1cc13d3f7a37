/**
 * Every size of Azure Managed Redis, smallest first in each tier: the names of the API version 2026-06-01-preview. What each has
 * is in the table `managedSkus` of `@redoubt/network`.
 */
export const managedSkuNames = [
  "Balanced_B0",
  "Balanced_B1",
  "Balanced_B3",
  "Balanced_B5",
  "Balanced_B10",
  "Balanced_B20",
  "Balanced_B50",
  "Balanced_B100",
  "Balanced_B150",
  "Balanced_B250",
  "Balanced_B350",
  "Balanced_B500",
  "Balanced_B700",
  "Balanced_B1000",
  "MemoryOptimized_M10",
  "MemoryOptimized_M20",
  "MemoryOptimized_M50",
  "MemoryOptimized_M100",
  "MemoryOptimized_M150",
  "MemoryOptimized_M250",
  "MemoryOptimized_M350",
  "MemoryOptimized_M500",
  "MemoryOptimized_M700",
  "MemoryOptimized_M1000",
  "MemoryOptimized_M1500",
  "MemoryOptimized_M2000",
  "ComputeOptimized_X3",
  "ComputeOptimized_X5",
  "ComputeOptimized_X10",
  "ComputeOptimized_X20",
  "ComputeOptimized_X50",
  "ComputeOptimized_X100",
  "ComputeOptimized_X150",
  "ComputeOptimized_X250",
  "ComputeOptimized_X350",
  "ComputeOptimized_X500",
  "ComputeOptimized_X700",
  "FlashOptimized_A250",
  "FlashOptimized_A500",
  "FlashOptimized_A700",
  "FlashOptimized_A1000",
  "FlashOptimized_A1500",
  "FlashOptimized_A2000",
  "FlashOptimized_A4500",
] as const;

/** The name of a size of Azure Managed Redis: `Balanced_B0`, the cheapest, is the default of the app model. */
export type ManagedSkuName = (typeof managedSkuNames)[number];

/** Sizes of the product that retires on 2027-03-31, on the same resource type; new ones cannot be created since 2026-04-01. */
export const retiringSkuNames: readonly string[] = [
  ...["E1", "E5", "E10", "E20", "E50", "E100", "E200", "E400"].map((size) => `Enterprise_${size}`),
  ...["F300", "F700", "F1500"].map((size) => `EnterpriseFlash_${size}`),
];
