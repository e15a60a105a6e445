/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_SETTLE_H
#define NANOOTA_SETTLE_H

#include "nanoota_slots.h"

/*
 * Outside a trial, otadata must name the firmware that runs, and for good. It does not where the one it names is damaged: were that
 * slot written again, the next power-up would boot what nobody activated. Nor where a choice was cut short.
 */
bool nota_settle(nota_slots *slots);

#endif
