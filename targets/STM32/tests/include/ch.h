/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of ChibiOS's header as the port uses, for the host. */
#ifndef FAKE_CH_H
#define FAKE_CH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CH_CFG_ST_FREQUENCY 10000U

typedef uint64_t systimestamp_t;

typedef struct {
    bool there;
    int taken;
} mutex_t;

systimestamp_t chVTGetTimeStamp(void);
void chMtxObjectInit(mutex_t *mutex);
void chMtxLock(mutex_t *mutex);
void chMtxUnlock(mutex_t *mutex);

#ifdef __cplusplus
}
#endif

#endif
