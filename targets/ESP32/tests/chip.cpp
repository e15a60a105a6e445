// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "chip.h"

#include <cstring>
#include <fstream>
#include <sstream>

#include "idf_bootloader.h"
#include "nanoota_esp32.h"
extern "C" {
#include "bytes.h"
#include "crc32.h"
}

Chip *Chip::now;

// Of the fake CLR and of ESP-IDF's start-up.
extern "C" {
extern const esp_partition_t *g_pFlashDriver_partition;
extern uint32_t g_clr_deployment_start;
void start_cpu0(void);
void nanoHAL_Initialize(void);
bool debugger_erase_memory(unsigned int address);
}

namespace {

constexpr uint32_t image_length = NOTA_BLOCK_LENGTH + 1024;
constexpr uint32_t natives_checksum = 0x0E545811;

uint32_t flash_size(const std::string &table)
{
    return table.find("16mb") != std::string::npos ? 16U : table.find("8mb") != std::string::npos ? 8U : 4U;
}

// The last four bytes are the checksum of those before.
void seal(std::vector<uint8_t> &image)
{
    auto length = static_cast<uint32_t>(image.size() - 4);
    nota_put_le32(image.data() + length, nota_crc32(0, image.data(), length));
}

uint32_t name_crc(const char *name)
{
    return nota_crc32(0, reinterpret_cast<const uint8_t *>(name), static_cast<uint32_t>(strlen(name)));
}

esp_partition_t parse(const std::string &line)
{
    std::istringstream in(line);
    std::string cells[5];
    for (std::string &cell : cells) {
        std::getline(in, cell, ',');
        cell.erase(0, cell.find_first_not_of(' '));
    }

    auto value = [](const std::string &text) { return static_cast<uint32_t>(std::stoul(text, nullptr, 0)); };
    const struct {
        const char *name;
        int subtype;
    } names[] = {{"factory", 0}, {"ota_0", 0x10}, {"ota_1", 0x11}, {"ota", 0}, {"phy", 1}, {"nvs", 2}, {"littlefs", 0x83}};
    int subtype = -1;
    for (const auto &known : names) {
        subtype = cells[2] == known.name ? known.subtype : subtype;
    }

    esp_partition_t partition{};
    partition.type = cells[1] == "app" ? ESP_PARTITION_TYPE_APP : ESP_PARTITION_TYPE_DATA;
    partition.subtype = static_cast<esp_partition_subtype_t>(subtype >= 0 ? static_cast<uint32_t>(subtype) : value(cells[2]));
    partition.address = value(cells[3]);
    partition.size = value(cells[4]);
    partition.erase_size = NOTA_BLOCK_LENGTH;
    strncpy(partition.label, cells[0].c_str(), sizeof partition.label - 1);
    return partition;
}

} // namespace

Chip::Chip(const std::string &name) : flash(flash_size(name) * 256)
{
    std::ifstream file(std::string(NANOOTA_PARTITIONS) + "/" + name + ".csv");
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line[0] != '#') {
            table.push_back(parse(line));
        }
    }

    now = this;
    install(partition("factory") != nullptr ? "factory" : "ota_0", firmware_image(1));
    install("deploy_0", deployment(1));
}

Chip::~Chip()
{
    now = nullptr;
}

bool Chip::boot(esp_reset_reason_t why)
{
    reason = why;
    for (int tries = 0; tries < 4; tries++) {
        // A reset clears the RAM; the bootloader leaves its watchdog on.
        g_nota_esp32 = nota_esp32{};
        g_pFlashDriver_partition = nullptr;
        target = nullptr;
        watchdog_on = true;
        watchdog_ticks = 9ULL * ticks_per_second;
        const esp_partition_t *factory = partition("factory");
        const esp_partition_t *slots[] = {factory != nullptr ? factory : partition("ota_0"), partition("ota_1")};
        auto is_whole = [&](uint8_t slot) { return slots[slot] != nullptr && version_in(slots[slot]) != 0; };
        int slot = factory != nullptr ? (is_whole(0) ? 0 : -1) : idf_choose(flash, partition("otadata")->address, is_whole);
        if (slot < 0) {
            return false;
        }

        running = slots[slot];
        resets++;
        try {
            start_cpu0();
            return !flash.is_off();
        } catch (const Reset &) {
            reason = ESP_RST_SW;
        }
    }

    return false;
}

void Chip::pass(uint32_t seconds)
{
    uint64_t ticks = static_cast<uint64_t>(seconds) * ticks_per_second;
    if (!watchdog_on) {
        return;
    }

    if (ticks < watchdog_ticks) {
        watchdog_ticks -= ticks;
    } else {
        boot(ESP_RST_WDT);
    }
}

void Chip::restart_clr()
{
    nanoHAL_Initialize();
}

bool Chip::debugger_erases()
{
    return debugger_erase_memory(g_clr_deployment_start);
}

std::vector<uint8_t> Chip::firmware_image(uint8_t version) const
{
    std::vector<uint8_t> image(image_length, version);
    image[0] = 0xE9;
    nota_put_le32(image.data() + 4, image_length);
    memcpy(image.data() + NOTA_NATIVES_OFFSET, "nOtN\1\0\1\0", 8);
    nota_put_le32(image.data() + NOTA_NATIVES_OFFSET + 8, name_crc("nanoOta.Native"));
    nota_put_le32(image.data() + NOTA_NATIVES_OFFSET + 12, natives_checksum);
    seal(image);
    return image;
}

std::vector<uint8_t> Chip::deployment(uint8_t version) const
{
    std::vector<uint8_t> image(image_length, version);
    memset(image.data(), 0, 160);
    memcpy(image.data(), "NFMRK1\0\0", 8);
    nota_put_le32(image.data() + 20, natives_checksum);
    image[28] = version;
    nota_put_le32(image.data() + 84, 124);
    nota_put_le32(image.data() + 100, image_length);
    strcpy(reinterpret_cast<char *>(image.data()) + 124, "nanoOta.Native");
    seal(image);
    return image;
}

const esp_partition_t *Chip::partition(const std::string &label) const
{
    for (const esp_partition_t &entry : table) {
        if (label == entry.label) {
            return &entry;
        }
    }

    return nullptr;
}

void Chip::install(const std::string &label, const std::vector<uint8_t> &image)
{
    std::copy(image.begin(), image.end(), flash.bytes.begin() + partition(label)->address);
}

uint8_t Chip::version_in(const esp_partition_t *place) const
{
    const uint8_t *image = flash.bytes.data() + place->address;
    bool app = place->type == ESP_PARTITION_TYPE_APP;
    if (app ? image[0] != 0xE9 : memcmp(image, "NFMRK1", 6) != 0) {
        return 0;
    }

    uint32_t length = nota_get_le32(image + (app ? 4 : 100));
    bool whole = length >= 400 && length <= place->size && nota_get_le32(image + length - 4) == nota_crc32(0, image, length - 4);
    return whole ? image[app ? 16 : 28] : uint8_t{0};
}

uint8_t Chip::running_deploy() const
{
    return g_pFlashDriver_partition != nullptr ? version_in(g_pFlashDriver_partition) : uint8_t{0};
}

std::string Chip::deploy_label() const
{
    return g_pFlashDriver_partition != nullptr ? g_pFlashDriver_partition->label : "";
}

bool Chip::clr_agrees() const
{
    return g_pFlashDriver_partition != nullptr && g_clr_deployment_start == g_pFlashDriver_partition->address;
}
