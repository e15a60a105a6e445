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

/* Whether the bytes are a whole record. */
bool nota_record_is_whole(const uint8_t bytes[NOTA_RECORD_LENGTH]);

/* The number of a whole record. */
uint32_t nota_record_sequence(const uint8_t bytes[NOTA_RECORD_LENGTH]);

/* Unpacks a whole record. */
void nota_record_decode(nota_record *record, const uint8_t bytes[NOTA_RECORD_LENGTH]);

#endif
