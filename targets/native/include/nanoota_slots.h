/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_SLOTS_H
#define NANOOTA_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nanoota_sha256.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The native slot core: what boots, and what survives a power cut (docs/slots.md). It allocates nothing and knows no platform; a
 * port gives it the flash, the judgement on images, and the map. Offsets and sizes are bytes of the flash as the port numbers
 * it. One thread at a time; a call erases at most 64 KiB, or one sector where that is longer. Every call returns when the flash fails, and a failed one may be
 * repeated.
 */

/** Most bytes of one write. Every sector is a multiple of it. */
#define NOTA_BLOCK_LENGTH 4096U

/** Most bytes that one call takes into a hash. */
#define NOTA_HASH_LENGTH 16384U

/** Length of the slot record, and of a record of the agent's journal. */
#define NOTA_RECORD_LENGTH 512U

/** In a slot record: no deployment. */
#define NOTA_NO_DEPLOY 0xFFU

/** Results, with the numbers of the managed ResultCode. */
typedef enum {
    NOTA_NONE = 0,                 /**< Done. */
    NOTA_CANCELLED = 3,            /**< A verdict: the activation was taken back. */
    NOTA_PENDING = 4,              /**< More of the same work remains: call again. */
    NOTA_TOO_LARGE = 304,          /**< Ports only: the image does not fit its slot. */
    NOTA_FLASH_FAILED = 600,       /**< The flash did not take it, or the range lies outside of the slot. */
    NOTA_READ_BACK_MISMATCH = 601, /**< A slot that was to be gone on with holds something else. */
    NOTA_IMAGE_MALFORMED = 602,    /**< Ports only: the platform refuses the image. */
    NOTA_SLOT_BUSY = 606,          /**< A trial has not come to its end, or there is no such idle slot. */
    NOTA_ACTIVATION_FAILED = 607,  /**< The slot could not be made bootable. */
    NOTA_TRIAL_CRASHED = 701,      /**< A verdict: the trial crashed. */
    NOTA_TRIAL_HUNG = 702,         /**< A verdict: the watchdog ended the trial. */
    NOTA_TRIAL_INTERRUPTED = 704,  /**< A verdict: resets that were not its fault interrupted the trial. */
} nota_result;

/** Parts of a device's firmware; they combine. */
typedef enum {
    NOTA_PART_NONE = 0,
    NOTA_PART_DEPLOYMENT = 1, /**< The application with its assemblies. */
    NOTA_PART_FIRMWARE = 2,   /**< nanoCLR. */
} nota_part;

/** Why the device booted, as the chip tells. */
typedef enum {
    NOTA_RESET_POWER_ON = 0,
    NOTA_RESET_SOFTWARE = 1, /**< Asked for. */
    NOTA_RESET_PANIC = 2,    /**< A crash of the firmware. */
    NOTA_RESET_WATCHDOG = 3, /**< The trial watchdog struck. */
} nota_reset;

/** Bits of nota_slots_state. The first two are the running firmware's and the active deployment's index. */
enum {
    NOTA_STATE_SECOND_FIRMWARE = 1,
    NOTA_STATE_SECOND_DEPLOY = 2,
    NOTA_STATE_ON_TRIAL = 4,
    NOTA_STATE_FALLBACK = 8,
    NOTA_STATE_TWO_FIRMWARES = 16,
};

/** The flash. Each function answers false when the flash fails; nothing is retried. */
typedef struct {
    void *context; /**< Passed to each function. */
    bool (*read)(void *context, uint32_t offset, void *to, uint32_t count);
    /** Clears bits; the range lies in one sector. Programming the same once more changes nothing but makes it firm. */
    bool (*program)(void *context, uint32_t offset, const void *from, uint32_t count);
    /** Sets the sector that begins at the offset to 0xFF. */
    bool (*erase)(void *context, uint32_t offset);
    /** Length in bytes of the sector that begins at the offset; 0 when none begins there. */
    uint32_t (*sector)(void *context, uint32_t offset);
} nota_flash;

/** What the port knows of images. */
typedef struct {
    void *context; /**< Passed to each function. */
    /** Whether the bootloader would start what lies in a firmware slot. Not called where there is but one. */
    bool (*is_whole)(void *context, uint8_t firmware);
    /** Whether the firmware of a slot could run a deployment. Not called where there is but one firmware slot. */
    bool (*can_run)(void *context, uint8_t firmware, uint8_t deploy);
} nota_images;

/** A range of flash, in whole sectors. */
typedef struct {
    uint32_t offset;
    uint32_t size;
} nota_area;

/** Where everything lies. */
typedef struct {
    nota_area firmware[2];  /**< ota_0 and ota_1, or the only firmware, which is read and need not be whole sectors. */
    uint8_t firmware_count; /**< 1 or 2. */
    nota_area deploy[2];    /**< deploy_0 and deploy_1. */
    nota_area ota_data;     /**< ESP-IDF's record, two sectors; of size 0 where there is one firmware. */
    nota_area record;       /**< Two sectors for the slot record. */
    nota_area journal;      /**< At least one sector for the journal; all of the same length. */
} nota_map;

/** What is installed with one firmware. Texts are UTF-8, ended and filled up with NUL; empty: not known. */
typedef struct {
    uint8_t version[64];
    uint8_t application[24]; /**< The application's own version a.b.c. */
    uint8_t digest[32];      /**< Of the manifest. */
} nota_set;

/** The slot record, unpacked. */
typedef struct {
    uint32_t sequence;      /**< Rises with each write. */
    uint8_t deploy_for[2];  /**< For each firmware slot the deployment slot that runs with it, or NOTA_NO_DEPLOY. */
    uint8_t trial_parts;    /**< What is on trial, or was last: nota_part, combined. */
    uint8_t trial_firmware; /**< The firmware slot that the trial runs on. */
    uint8_t trial_deploy;   /**< The deployment slot that the trial runs. */
    uint8_t trial_boots;    /**< Boots that the trial has had. */
    uint16_t trial_seconds; /**< After so long without confirmation the watchdog resets the device. */
    uint32_t verdict;       /**< How the trial ended, a result code; NOTA_NONE while it has not. */
    uint32_t trial_id;      /**< Rises with each activation. */
    nota_set sets[2];       /**< For each firmware slot what was last confirmed on it. */
    nota_set trial;         /**< What is on trial. */
} nota_record;

/** The core. Its content is its own business; about 1 KiB. */
typedef struct {
    nota_flash flash;
    nota_images images;
    nota_map map;
    nota_record record;
    uint8_t loaded[NOTA_RECORD_LENGTH]; /* the newest record as it was read or written */
    bool firm;                          /* whether its bits are known to be stable */
    uint8_t sector;                     /* which one holds it */
    uint8_t running;
    uint8_t active_deploy;
    bool on_trial;
    uint8_t fallback; /* what the images said of it; 0: to be asked */
    uint8_t open_part;
    uint32_t at;
    uint32_t end;
} nota_slots;

/**
 * Takes over from the bootloader, before the CLR looks for its deployment. nota_slots_hook is next.
 *
 * @param running The firmware slot that the bootloader has chosen.
 * @return False when the map is none that is described above; the core then must not be used.
 */
bool nota_slots_start(nota_slots *slots, const nota_flash *flash, const nota_images *images, const nota_map *map, uint8_t running);

/**
 * Decides what is on trial and which deployment runs; once each boot.
 *
 * @return False when the device must reset at once, because the firmware that the bootloader chose must not run.
 */
bool nota_slots_hook(nota_slots *slots, nota_reset cause);

/** The deployment slot that the CLR is to take, 0 or 1. */
uint8_t nota_slots_active_deploy(const nota_slots *slots);

/** After so many seconds of this boot without confirmation the watchdog must reset the device; 0: never. */
uint16_t nota_slots_watchdog_seconds(const nota_slots *slots);

/**
 * NOTA_STATE_ bits. Whether there is a fallback is asked of the images, which may hash a whole firmware; the answer is kept until
 * slots change.
 */
uint32_t nota_slots_state(nota_slots *slots);

/** The slot record as bytes (docs/slots.md). */
void nota_slots_record(const nota_slots *slots, uint8_t bytes[NOTA_RECORD_LENGTH]);

/** The size of an idle slot in bytes; 0 when there is no second slot for this part. */
uint32_t nota_slots_capacity(const nota_slots *slots, nota_part part);

/**
 * Opens an idle slot for writing. Before its first erase the record is made firm, and every entry that would make another firmware
 * use the slot's content, or the bootloader start it, is durably cleared.
 *
 * @param offset Where to go on: a multiple of NOTA_BLOCK_LENGTH, within the slot. In the middle of a sector, what was written there
 *               since is programmed once more over itself.
 * @return NOTA_NONE, NOTA_SLOT_BUSY or NOTA_FLASH_FAILED.
 */
nota_result nota_slots_open(nota_slots *slots, nota_part part, uint32_t offset);

/**
 * Programs the next bytes of the open slot, having erased the sector that begins there, if one does.
 *
 * @param count 1 to NOTA_BLOCK_LENGTH bytes: less only at the image's end.
 * @return NOTA_NONE; NOTA_FLASH_FAILED; NOTA_READ_BACK_MISMATCH when there is something else already, to begin at the start.
 */
nota_result nota_slots_write(nota_slots *slots, const void *data, uint32_t count);

/**
 * Erases the rest of the open slot and closes it: behind a deployment no stale assembly must be found. A call goes 64 KiB further, or
 * one sector where that is longer; what is blank already is read and not erased.
 *
 * @return NOTA_PENDING to be called again; NOTA_NONE; NOTA_FLASH_FAILED; NOTA_READ_BACK_MISMATCH when the sector in which the image
 *         ends holds something behind it, to begin at the start.
 */
nota_result nota_slots_erase_tail(nota_slots *slots);

/** Reads from a slot. @return NOTA_NONE; NOTA_FLASH_FAILED also beyond its end. */
nota_result nota_slots_read(const nota_slots *slots, nota_part part, bool idle, uint32_t offset, void *to, uint32_t count);

/**
 * Takes a range of a slot into a hash: what was written is verified by reading it back. A slot is hashed in pieces, each in its own
 * call.
 *
 * @param count At most NOTA_HASH_LENGTH bytes.
 * @return NOTA_NONE; NOTA_FLASH_FAILED also beyond the slot's end, and for a longer range. The hash has then taken in an unknown part.
 */
nota_result nota_slots_hash(const nota_slots *slots, nota_part part, bool idle, uint32_t offset, uint32_t count, nota_sha256 *sha);

/** Puts a text into a set's version or application: as much as fits, NUL to the end. */
void nota_set_text(uint8_t *to, size_t room, const void *text, size_t length);

/**
 * Makes idle slots the ones that boot next, on trial: one atomic commit, whatever parts there are.
 *
 * @param parts The parts that were written: nota_part, combined.
 * @param trial_seconds For the watchdog, 1 to 65535: the record has 16 bits for it, and a trial without a watchdog has no end.
 * @return NOTA_NONE; NOTA_ACTIVATION_FAILED also for other seconds.
 */
nota_result nota_slots_activate(nota_slots *slots, uint8_t parts, const nota_set *set, uint32_t trial_seconds);

/** Confirms what is on trial; without a trial nothing happens. @return NOTA_NONE or NOTA_FLASH_FAILED. */
nota_result nota_slots_confirm(nota_slots *slots);

/**
 * Ends the trial, or takes back an activation before the reboot; without a trial nothing happens.
 *
 * @param reason A result code other than NOTA_NONE, kept in the record.
 * @return NOTA_NONE or NOTA_FLASH_FAILED.
 */
nota_result nota_slots_revert(nota_slots *slots, uint32_t reason);

/**
 * Someone else takes over the active deployment, such as a debugger that is about to erase it: a trial ends without a verdict and
 * an activation is taken back, what runs is what boots next, and nothing is known of its version.
 *
 * @return NOTA_NONE or NOTA_FLASH_FAILED.
 */
nota_result nota_slots_disown(nota_slots *slots);

/**
 * For a bootloader in which a debugger deploys, on a device with one firmware: between nota_slots_start and the first erase of deploy_0.
 * That one is what boots next, nothing is on trial, and nothing is known of its version. nota_slots_hook is not called then.
 *
 * @return NOTA_NONE or NOTA_FLASH_FAILED.
 */
nota_result nota_slots_forget(nota_slots *slots);

/** How many journal records there is room for. */
uint32_t nota_journal_capacity(const nota_slots *slots);

/** Reads a journal record. @return False when it cannot be read. */
bool nota_journal_read(const nota_slots *slots, uint32_t index, uint8_t record[NOTA_RECORD_LENGTH]);

/**
 * Writes a journal record durably; the first of a sector erases it.
 *
 * @return False when this index cannot take the record: the next may.
 */
bool nota_journal_write(const nota_slots *slots, uint32_t index, const uint8_t record[NOTA_RECORD_LENGTH]);

#ifdef __cplusplus
}
#endif

#endif
