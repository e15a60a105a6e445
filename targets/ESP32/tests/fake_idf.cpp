// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "chip.h"
#include "esp_image_format.h"
#include "freertos/semphr.h"
#include "hal/wdt_hal.h"
#include "soc/rtc.h"
extern "C" {
#include "bytes.h"
#include "crc32.h"
}

// The functions of ESP-IDF that the port calls, behaving on the chip as 5.5 does (docs/esp32.md names what was compared).

namespace {

Chip &chip()
{
    return *Chip::now;
}

bool within(const esp_partition_t *partition, size_t offset, size_t size)
{
    return offset <= partition->size && size <= partition->size - offset;
}

struct Entry {
    uint32_t at; // in the flash
    uint32_t sequence;
    uint32_t state;
    bool has_crc;

    bool usable() const
    {
        return has_crc && sequence != 0xFFFFFFFFU && state != 3 && state != 4;
    }
};

std::vector<Entry> ota_data()
{
    std::vector<Entry> entries;
    const esp_partition_t *data = chip().partition("otadata");
    for (uint32_t i = 0; data != nullptr && i < 2; i++) {
        uint8_t bytes[32] = {};
        uint32_t at = data->address + i * NOTA_BLOCK_LENGTH;
        chip().flash.read(at, bytes, sizeof bytes);
        entries.push_back({at, nota_get_le32(bytes), nota_get_le32(bytes + 24), nota_get_le32(bytes + 28) == nota_crc32(0xFFFFFFFFU, bytes, 4)});
    }

    return entries;
}

// esp_ota_get_state_partition: of the first entry that names the slot, whichever counts.
bool running_is_pending()
{
    uint32_t slot = static_cast<uint32_t>(chip().running->subtype) & 1U;
    for (const Entry &entry : ota_data()) {
        if (entry.has_crc && ((entry.sequence - 1U) & 1U) == slot) {
            return entry.state == 1;
        }
    }

    return false;
}

// esp_ota_invalidate_inactive_ota_data_slot: the entry that does not count goes, unless it names what runs. Nobody asks how it went.
void erase_inactive_entry()
{
    std::vector<Entry> entries = ota_data();
    if (entries.empty() || (!entries[0].usable() && !entries[1].usable())) {
        return;
    }

    bool first = entries[0].usable() && (!entries[1].usable() || entries[0].sequence >= entries[1].sequence);
    const Entry &inactive = entries[first ? 1 : 0];
    bool names_running = ((inactive.sequence - 1U) & 1U) == (static_cast<uint32_t>(chip().running->subtype) & 1U);
    if (inactive.sequence != 0xFFFFFFFFU && inactive.has_crc && !names_running) {
        chip().flash.erase(inactive.at);
    }
}

esp_err_t begin(const esp_partition_t *partition, uint32_t written, esp_ota_handle_t *handle)
{
    esp_err_t refuse = std::exchange(chip().refuse, ESP_OK);
    if (refuse != ESP_OK) {
        return refuse;
    }

    if (partition == chip().running) {
        return ESP_ERR_OTA_PARTITION_CONFLICT;
    }

    chip().target = partition;
    chip().written = written;
    *handle = ++chip().handle;
    return ESP_OK;
}

} // namespace

extern "C" {

const esp_partition_t *esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label)
{
    for (const esp_partition_t &entry : chip().table) {
        bool fits = entry.type == type && (subtype == ESP_PARTITION_SUBTYPE_ANY || entry.subtype == subtype);
        if (fits && (label == nullptr || strcmp(label, entry.label) == 0)) {
            return &entry;
        }
    }

    return nullptr;
}

esp_err_t esp_partition_read(const esp_partition_t *partition, size_t offset, void *to, size_t size)
{
    if (!within(partition, offset, size)) {
        return ESP_ERR_INVALID_SIZE;
    }

    auto at = static_cast<uint32_t>(partition->address + offset);
    return chip().flash.read(at, static_cast<uint8_t *>(to), static_cast<uint32_t>(size)) ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_partition_write(const esp_partition_t *partition, size_t offset, const void *from, size_t size)
{
    if (!within(partition, offset, size)) {
        return ESP_ERR_INVALID_SIZE;
    }

    const auto *bytes = static_cast<const uint8_t *>(from);
    for (size_t done = 0; done < size;) {
        auto at = static_cast<uint32_t>(partition->address + offset + done);
        auto take = static_cast<uint32_t>(std::min<size_t>(size - done, NOTA_BLOCK_LENGTH - at % NOTA_BLOCK_LENGTH));
        if (!chip().flash.program(at, bytes + done, take)) {
            return ESP_FAIL;
        }

        done += take;
    }

    return ESP_OK;
}

esp_err_t esp_partition_erase_range(const esp_partition_t *partition, size_t offset, size_t size)
{
    if (!within(partition, offset, size) || offset % NOTA_BLOCK_LENGTH != 0 || size % NOTA_BLOCK_LENGTH != 0) {
        return ESP_ERR_INVALID_SIZE;
    }

    for (size_t done = 0; done < size; done += NOTA_BLOCK_LENGTH) {
        if (!chip().flash.erase(static_cast<uint32_t>(partition->address + offset + done))) {
            return ESP_FAIL;
        }
    }

    return ESP_OK;
}

const esp_partition_t *esp_ota_get_running_partition(void)
{
    return chip().running;
}

esp_err_t esp_ota_begin(const esp_partition_t *partition, size_t size, esp_ota_handle_t *handle)
{
    if (chip().refuse == ESP_OK && partition != chip().running && running_is_pending()) {
        return ESP_ERR_OTA_ROLLBACK_INVALID_STATE;
    }

    esp_err_t result = begin(partition, 0, handle);
    if (result == ESP_OK && size != OTA_WITH_SEQUENTIAL_WRITES) {
        result = esp_partition_erase_range(partition, 0, partition->size);
    }

    if (result == ESP_OK) {
        erase_inactive_entry(); // as with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
    }

    return result;
}

// It asks neither for a trial nor for otadata.
esp_err_t esp_ota_resume(const esp_partition_t *partition, size_t erase_size, size_t offset, esp_ota_handle_t *handle)
{
    return erase_size == OTA_WITH_SEQUENTIAL_WRITES ? begin(partition, static_cast<uint32_t>(offset), handle) : ESP_ERR_INVALID_ARG;
}

esp_err_t esp_ota_write(esp_ota_handle_t handle, const void *data, size_t size)
{
    if (handle != chip().handle || chip().target == nullptr) {
        return ESP_ERR_INVALID_ARG;
    }

    uint32_t begin = chip().written;
    uint32_t first = (begin + NOTA_BLOCK_LENGTH - 1) / NOTA_BLOCK_LENGTH; // the first sector that begins here or later
    auto behind = static_cast<uint32_t>((begin + size + NOTA_BLOCK_LENGTH - 1) / NOTA_BLOCK_LENGTH);
    if (begin == 0 && *static_cast<const uint8_t *>(data) != 0xE9) {
        return ESP_ERR_OTA_VALIDATE_FAILED;
    }

    esp_err_t result = esp_partition_erase_range(chip().target, first * NOTA_BLOCK_LENGTH, (behind - first) * NOTA_BLOCK_LENGTH);
    result = result == ESP_OK ? esp_partition_write(chip().target, begin, data, size) : result;
    chip().written += result == ESP_OK ? static_cast<uint32_t>(size) : 0;
    return result;
}

esp_err_t esp_ota_end(esp_ota_handle_t handle)
{
    const esp_partition_t *target = std::exchange(chip().target, nullptr);
    if (target == nullptr || handle != chip().handle) {
        return ESP_ERR_NOT_FOUND;
    }

    return chip().written == 0 ? ESP_ERR_INVALID_ARG : chip().version_in(target) != 0 ? ESP_OK : ESP_ERR_OTA_VALIDATE_FAILED;
}

esp_err_t esp_ota_abort(esp_ota_handle_t handle)
{
    bool open = handle == chip().handle && chip().target != nullptr;
    chip().target = nullptr;
    return open ? ESP_OK : ESP_ERR_NOT_FOUND;
}

esp_err_t esp_image_verify(esp_image_load_mode_t, const esp_partition_pos_t *place, esp_image_metadata_t *found)
{
    for (const esp_partition_t &entry : chip().table) {
        if (entry.address == place->offset && entry.size == place->size && chip().version_in(&entry) != 0) {
            found->image_len = place->size;
            return ESP_OK;
        }
    }

    return ESP_ERR_IMAGE_INVALID;
}

esp_reset_reason_t esp_reset_reason(void)
{
    return chip().reason;
}

void esp_restart(void)
{
    throw Reset{};
}

void wdt_hal_init(wdt_hal_context_t *, wdt_inst_t, uint32_t, bool)
{
    chip().watchdog_on = false;
    chip().watchdog_ticks = 0;
    chip().watchdog_locked = true;
}

// What is written while the registers are protected does not happen.
void wdt_hal_config_stage(wdt_hal_context_t *, wdt_stage_t, uint32_t ticks, wdt_stage_action_t action)
{
    if (!chip().watchdog_locked && action == WDT_STAGE_ACTION_RESET_RTC) {
        chip().watchdog_ticks = ticks;
    }
}

void wdt_hal_enable(wdt_hal_context_t *)
{
    chip().watchdog_on = chip().watchdog_on || !chip().watchdog_locked;
}

void wdt_hal_disable(wdt_hal_context_t *)
{
    chip().watchdog_on = chip().watchdog_on && chip().watchdog_locked;
}

void wdt_hal_write_protect_disable(wdt_hal_context_t *)
{
    chip().watchdog_locked = false;
}

void wdt_hal_write_protect_enable(wdt_hal_context_t *)
{
    chip().watchdog_locked = true;
}

uint32_t rtc_clk_slow_freq_get_hz(void)
{
    return Chip::ticks_per_second;
}

SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t *storage)
{
    storage->taken = 0;
    return storage;
}

// One thread: a lock that is taken already would never be given.
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t)
{
    if (semaphore->taken++ != 0) {
        throw "the port takes its lock twice";
    }

    return pdTRUE;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore)
{
    if (semaphore->taken-- != 1) {
        throw "the port gives a lock that it has not";
    }

    return pdTRUE;
}

// ESP-IDF's start-up comes to this, in another object file than app_main.
void app_main(void);
void start_cpu0(void);

void start_cpu0(void)
{
    app_main();
}

} // extern "C"
