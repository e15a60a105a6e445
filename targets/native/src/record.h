/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_RECORD_H
#define NANOOTA_RECORD_H

#include "nanoota_slots.h"

/* The record of a device that has had no update: both firmwares run the first deployment, nothing else is known. */
void nota_record_clear(nota_record *record);

/* Whether a trial has been activated and not ended. */
bool nota_record_has_trial(const nota_record *record);

/* The record's bytes, checksum and all. */
void nota_record_encode(const nota_record *record, uint8_t bytes[NOTA_RECORD_LENGTH]);

/* False when the bytes are not a whole record; the record is then left as it is. */
bool nota_record_decode(nota_record *record, const uint8_t bytes[NOTA_RECORD_LENGTH]);

#endif
