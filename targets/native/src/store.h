/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_STORE_H
#define NANOOTA_STORE_H

#include "nanoota_slots.h"

/* Finds the newest whole record; a fresh one when there is none. */
void nota_store_load(nota_slots *slots);

/* Makes the bits of the newest record stable. False when the flash fails. */
bool nota_store_firm(nota_slots *slots);

/* Writes the record. False when the flash did not take it: then the record is again the one that was stored. */
bool nota_store_save(nota_slots *slots);

#endif
