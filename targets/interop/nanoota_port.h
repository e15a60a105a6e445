/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_PORT_H
#define NANOOTA_PORT_H

#include "nanoota_slots.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What the interop assembly asks of a port (docs/porting.md). Each is called by the CLR's thread, and blocks all managed threads;
 * nota_port_disown may come from another one, so a port takes a lock. Where the boot hook found no slots, or the CLR did not take
 * the one that was chosen, nothing is written: results are then NOTA_SLOT_BUSY, sizes 0, and texts empty.
 */

/** nota_slots_state, and the slot record. */
uint32_t nota_port_state(uint8_t record[NOTA_RECORD_LENGTH]);

/** nota_slots_capacity. */
uint32_t nota_port_capacity(nota_part part);

/** nota_slots_open, and what the platform says to it. */
nota_result nota_port_open(nota_part part, uint32_t offset);

/** nota_slots_write, and what the platform says to it. */
nota_result nota_port_write(const void *data, uint32_t count);

/** nota_slots_erase_tail; at the end the platform judges the image. */
nota_result nota_port_erase_tail(void);

/** nota_slots_read. */
nota_result nota_port_read(nota_part part, bool idle, uint32_t offset, void *to, uint32_t count);

/** nota_slots_hash over a saved state, which stays as it is when the result is not NOTA_NONE. */
nota_result nota_port_hash(nota_part part, bool idle, uint32_t offset, uint32_t count, uint8_t state[NOTA_SHA256_STATE_LENGTH]);

/** nota_slots_activate. */
nota_result nota_port_activate(uint8_t parts, const nota_set *set, uint32_t trial_seconds);

/** nota_slots_confirm, and the trial watchdog is stopped. */
nota_result nota_port_confirm(void);

/** nota_slots_revert; the watchdog goes on, for the device has to reset. */
nota_result nota_port_revert(uint32_t reason);

/** nota_journal_capacity. */
uint32_t nota_port_journal_capacity(void);

/** nota_journal_read. */
bool nota_port_journal_read(uint32_t index, uint8_t record[NOTA_RECORD_LENGTH]);

/** nota_journal_write. */
bool nota_port_journal_write(uint32_t index, const uint8_t record[NOTA_RECORD_LENGTH]);

/** nota_slots_disown, and the trial watchdog is stopped: a debugger takes over the active deployment. */
nota_result nota_port_disown(void);

#ifdef __cplusplus
}
#endif

#endif
