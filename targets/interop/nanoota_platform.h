/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_PLATFORM_H
#define NANOOTA_PLATFORM_H

#include "nanoota_slots.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What nanoota_port.c asks of a platform: the slots under its lock, and what it has to say itself while one is written. The lock is
 * taken when any but nota_platform_enter is called.
 */

/** The slots, locked; null when there are none, or when the CLR does not run the deployment that was chosen. */
nota_slots *nota_platform_enter(void);

/** Gives the lock back. */
void nota_platform_leave(void);

/** A trial has come to a good end: its watchdog no longer strikes. */
void nota_platform_unwatch(void);

/** An idle slot has been opened at an offset. */
nota_result nota_platform_begin(nota_part part, uint32_t offset);

/** A write has failed with this result: what the platform calls it. */
nota_result nota_platform_refusal(nota_result result);

/** An idle slot is complete: the platform judges the image. */
nota_result nota_platform_end(void);

/** Whatever was being written is given up, if anything. */
void nota_platform_abort(void);

#ifdef __cplusplus
}
#endif

#endif
