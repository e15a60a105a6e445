// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_CHIP_H
#define NANOOTA_CHIP_H

#include <string>
#include <vector>

#include "esp_ota_ops.h"
#include "esp_system.h"
#include "fake_flash.h"

// What esp_restart does on the host.
struct Reset {
};

// An ESP32 on the host: flash with one of our partition tables, ESP-IDF's bootloader with rollback, its watchdog of the RTC domain, and
// a nanoCLR that looks for its deployment where the real one does.
class Chip {
public:
    // With the table of a file under targets/ESP32/partitions; a firmware and a deployment of version 1 are installed.
    explicit Chip(const std::string &table);
    ~Chip();
    Chip(const Chip &) = delete;
    Chip &operator=(const Chip &) = delete;

    // From the reset until nanoCLR runs; false when nothing starts, or the power goes.
    bool boot(esp_reset_reason_t why);

    // Time goes by; the watchdog may strike.
    void pass(uint32_t seconds);

    // nanoCLR alone starts anew: its HAL is initialised once more.
    void restart_clr();

    // What the debugger's command to erase the deployment comes to.
    bool debugger_erases();

    // A firmware image, and a deployment, of a version.
    std::vector<uint8_t> firmware_image(uint8_t version) const;
    std::vector<uint8_t> deployment(uint8_t version) const;

    const esp_partition_t *partition(const std::string &label) const;
    void install(const std::string &label, const std::vector<uint8_t> &image);

    // The version of the image in a partition; 0: none that is whole.
    uint8_t version_in(const esp_partition_t *partition) const;

    // Of what runs.
    uint8_t running_firmware() const { return version_in(running); }
    uint8_t running_deploy() const;

    // The deployment's label, as the CLR's driver has it.
    std::string deploy_label() const;

    // Whether both look-ups of the CLR agree.
    bool clr_agrees() const;

    FakeFlash flash;
    std::vector<esp_partition_t> table;
    const esp_partition_t *running = nullptr;
    esp_reset_reason_t reason = ESP_RST_POWERON;
    esp_err_t refuse = ESP_OK; // what esp_ota_begin answers next
    bool watchdog_on = false;
    uint64_t watchdog_ticks = 0;
    bool watchdog_locked = true;
    int resets = 0;

    // The open esp_ota handle.
    uint32_t handle = 0;
    const esp_partition_t *target = nullptr;
    uint32_t written = 0;

    static constexpr uint32_t ticks_per_second = 150000;
    static Chip *now; // the one that the fakes work on
};

#endif
