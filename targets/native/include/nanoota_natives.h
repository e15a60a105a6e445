/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_NATIVES_H
#define NANOOTA_NATIVES_H

#include "nanoota_slots.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most assemblies that a table of natives names (docs/images.md). */
#define NOTA_MAX_NATIVES 60U

/**
 * Whether the assemblies of a deployment find in a firmware the native code that they need: what can_run of nota_images asks. It
 * reads headers only; that the images are whole is somebody else's business.
 *
 * @param table Offset of the firmware's table of natives; a firmware without one has none.
 * @param deploy The deployment slot. An empty one cannot be run.
 */
bool nota_natives_fit(const nota_flash *flash, uint32_t table, const nota_area *deploy);

#ifdef __cplusplus
}
#endif

#endif
