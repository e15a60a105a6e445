/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "record.h"

#include <string.h>

#include "bytes.h"
#include "crc32.h"

/* docs/slots.md has the table. */
enum {
    AT_SEQUENCE = 4,
    AT_DEPLOY_FOR = 8,
    AT_TRIAL_PARTS = 10,
    AT_TRIAL_FIRMWARE = 11,
    AT_TRIAL_DEPLOY = 12,
    AT_TRIAL_BOOTS = 13,
    AT_TRIAL_SECONDS = 14,
    AT_VERDICT = 16,
    AT_TRIAL_ID = 20,
    AT_SETS = 24,
    AT_SECOND_SET = 144,
    AT_TRIAL = 264,
    AT_CRC = 508,
};

#define MAGIC 0x31534F6EU /* "nOS1" */

void nota_set_text(uint8_t *to, size_t room, const void *text, size_t length)
{
    const uint8_t *from = text;
    size_t used = 0;
    while (used < length && used + 1U < room && from[used] != 0U) {
        to[used] = from[used];
        used++;
    }

    memset(to + used, 0, room - used);
}

/* Where a set has its parts. */
enum {
    AT_VERSION = 0,
    AT_APPLICATION = 64,
    AT_DIGEST = 88,
};

static void put_set(uint8_t *to, const nota_set *set)
{
    memcpy(to + AT_VERSION, set->version, sizeof set->version);
    memcpy(to + AT_APPLICATION, set->application, sizeof set->application);
    memcpy(to + AT_DIGEST, set->digest, sizeof set->digest);
}

static void get_set(nota_set *set, const uint8_t *from)
{
    nota_set_text(set->version, sizeof set->version, from + AT_VERSION, sizeof set->version);
    nota_set_text(set->application, sizeof set->application, from + AT_APPLICATION, sizeof set->application);
    memcpy(set->digest, from + AT_DIGEST, sizeof set->digest);
}

void nota_record_clear(nota_record *record)
{
    memset(record, 0, sizeof *record);
}

bool nota_record_has_trial(const nota_record *record)
{
    return record->trial_parts != (uint8_t)NOTA_PART_NONE && record->verdict == (uint32_t)NOTA_NONE;
}

void nota_record_encode(const nota_record *record, uint8_t bytes[NOTA_RECORD_LENGTH])
{
    memset(bytes, 0, NOTA_RECORD_LENGTH);
    nota_put_le32(bytes, MAGIC);
    nota_put_le32(bytes + AT_SEQUENCE, record->sequence);
    bytes[AT_DEPLOY_FOR] = record->deploy_for[0];
    bytes[AT_DEPLOY_FOR + 1] = record->deploy_for[1];
    bytes[AT_TRIAL_PARTS] = record->trial_parts;
    bytes[AT_TRIAL_FIRMWARE] = record->trial_firmware;
    bytes[AT_TRIAL_DEPLOY] = record->trial_deploy;
    bytes[AT_TRIAL_BOOTS] = record->trial_boots;
    bytes[AT_TRIAL_SECONDS] = (uint8_t)record->trial_seconds;
    bytes[AT_TRIAL_SECONDS + 1] = (uint8_t)(record->trial_seconds >> 8);
    nota_put_le32(bytes + AT_VERDICT, record->verdict);
    nota_put_le32(bytes + AT_TRIAL_ID, record->trial_id);
    put_set(bytes + AT_SETS, &record->sets[0]);
    put_set(bytes + AT_SECOND_SET, &record->sets[1]);
    put_set(bytes + AT_TRIAL, &record->trial);
    nota_put_le32(bytes + AT_CRC, nota_crc32(0, bytes, AT_CRC));
}

bool nota_record_is_whole(const uint8_t bytes[NOTA_RECORD_LENGTH])
{
    return nota_get_le32(bytes) == MAGIC && nota_get_le32(bytes + AT_CRC) == nota_crc32(0, bytes, AT_CRC);
}

uint32_t nota_record_sequence(const uint8_t bytes[NOTA_RECORD_LENGTH])
{
    return nota_get_le32(bytes + AT_SEQUENCE);
}

void nota_record_decode(nota_record *record, const uint8_t bytes[NOTA_RECORD_LENGTH])
{
    record->sequence = nota_record_sequence(bytes);
    record->deploy_for[0] = bytes[AT_DEPLOY_FOR] <= 1U ? bytes[AT_DEPLOY_FOR] : (uint8_t)NOTA_NO_DEPLOY;
    record->deploy_for[1] = bytes[AT_DEPLOY_FOR + 1] <= 1U ? bytes[AT_DEPLOY_FOR + 1] : (uint8_t)NOTA_NO_DEPLOY;
    record->trial_parts = bytes[AT_TRIAL_PARTS] & 3U;
    record->trial_firmware = bytes[AT_TRIAL_FIRMWARE] & 1U;
    record->trial_deploy = bytes[AT_TRIAL_DEPLOY] & 1U;
    record->trial_boots = bytes[AT_TRIAL_BOOTS];
    record->trial_seconds = (uint16_t)(bytes[AT_TRIAL_SECONDS] | ((uint32_t)bytes[AT_TRIAL_SECONDS + 1] << 8));
    record->verdict = nota_get_le32(bytes + AT_VERDICT);
    record->trial_id = nota_get_le32(bytes + AT_TRIAL_ID);
    get_set(&record->sets[0], bytes + AT_SETS);
    get_set(&record->sets[1], bytes + AT_SECOND_SET);
    get_set(&record->trial, bytes + AT_TRIAL);
}
