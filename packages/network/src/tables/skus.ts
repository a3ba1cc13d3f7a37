/** A size of Azure Managed Redis. */
export interface ManagedSku {
  /** `Balanced_B10`. */
  readonly name: string;
  readonly sizeGB: number;
  /** About a fifth is reserved. */
  readonly usableGB: number;
  readonly primaryShards: number | null;
  readonly maxConnections: number | null;
  /** Whether it can be had without clustering. */
  readonly noCluster: boolean;
  readonly activeGeo: boolean;
  /** Whether it was in preview when the table was made. */
  readonly preview: boolean;
}

function sku(
  name: string,
  sizeGB: number,
  primaryShards: number | null,
  maxConnections: number | null,
  noCluster: boolean,
  activeGeo: boolean,
  preview: boolean,
): ManagedSku {
  return {
    name,
    sizeGB,
    usableGB: sizeGB * 0.8,
    primaryShards,
    maxConnections,
    noCluster,
    activeGeo,
    preview,
  };
}

/** Every size, as of the API version 2026-06-01-preview; sizes as of 2025-05-18. */
export const managedSkus: readonly ManagedSku[] = [
  sku("Balanced_B0", 0.5, 1, 15000, true, false, false),
  sku("Balanced_B1", 1, 1, 15000, true, false, false),
  sku("Balanced_B3", 3, 2, 15000, true, true, false),
  sku("Balanced_B5", 6, 2, 15000, true, true, false),
  sku("Balanced_B10", 12, 2, 30000, true, true, false),
  sku("Balanced_B20", 24, 6, 75000, true, true, false),
  sku("Balanced_B50", 60, 12, 150000, false, true, false),
  sku("Balanced_B100", 120, 24, 200000, false, true, false),
  sku("Balanced_B150", 180, 48, 200000, false, true, false),
  sku("Balanced_B250", 240, 48, 200000, false, true, false),
  sku("Balanced_B350", 360, 96, 200000, false, true, false),
  sku("Balanced_B500", 480, 96, 200000, false, true, true),
  sku("Balanced_B700", 720, 192, 200000, false, true, true),
  sku("Balanced_B1000", 960, 192, 200000, false, true, true),
  sku("MemoryOptimized_M10", 12, 2, 15000, true, true, false),
  sku("MemoryOptimized_M20", 24, 2, 30000, true, true, false),
  sku("MemoryOptimized_M50", 60, 6, 75000, false, true, false),
  sku("MemoryOptimized_M100", 120, 12, 150000, false, true, false),
  sku("MemoryOptimized_M150", 180, 24, 200000, false, true, false),
  sku("MemoryOptimized_M250", 240, 24, 200000, false, true, false),
  sku("MemoryOptimized_M350", 360, 48, 200000, false, true, false),
  sku("MemoryOptimized_M500", 480, 48, 200000, false, true, true),
  sku("MemoryOptimized_M700", 720, 96, 200000, false, true, true),
  sku("MemoryOptimized_M1000", 960, 192, 200000, false, true, true),
  sku("MemoryOptimized_M1500", 1440, 192, 200000, false, true, true),
  sku("MemoryOptimized_M2000", 1920, 192, 200000, false, true, true),
  sku("ComputeOptimized_X3", 3, 2, 30000, true, true, false),
  sku("ComputeOptimized_X5", 6, 2, 30000, true, true, false),
  sku("ComputeOptimized_X10", 12, 6, 75000, true, true, false),
  sku("ComputeOptimized_X20", 24, 12, 150000, true, true, false),
  sku("ComputeOptimized_X50", 60, 24, 200000, false, true, false),
  sku("ComputeOptimized_X100", 120, 48, 200000, false, true, false),
  sku("ComputeOptimized_X150", 180, 96, 200000, false, true, false),
  sku("ComputeOptimized_X250", 240, 96, 200000, false, true, false),
  sku("ComputeOptimized_X350", 360, 192, 200000, false, true, false),
  sku("ComputeOptimized_X500", 480, 192, 200000, false, true, true),
  sku("ComputeOptimized_X700", 720, 384, 200000, false, true, true),
  sku("FlashOptimized_A250", 240, 6, 75000, false, true, false),
  sku("FlashOptimized_A500", 480, 12, 150000, false, true, false),
  sku("FlashOptimized_A700", 720, 24, 200000, false, true, false),
  sku("FlashOptimized_A1000", 960, 24, 200000, false, true, false),
  sku("FlashOptimized_A1500", 1440, 48, 200000, false, true, false),
  sku("FlashOptimized_A2000", 1920, 48, 200000, false, true, true),
  sku("FlashOptimized_A4500", 4500, 96, 200000, false, true, true),
];

/** Gigabytes of the sizes P1 to P5 of a Premium cache, for each shard. */
export const premiumSizesGB: Readonly<Record<number, number>> = { 1: 6, 2: 13, 3: 26, 4: 53, 5: 120 };
