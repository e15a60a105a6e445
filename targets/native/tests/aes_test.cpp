// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nanoota_aes.h"

namespace {

using Bytes = std::vector<uint8_t>;

Bytes from_hex(const std::string &text)
{
    Bytes bytes;
    for (size_t i = 0; i < text.size(); i += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    }

    return bytes;
}

nota_aes with(const Bytes &key)
{
    nota_aes aes;
    EXPECT_TRUE(nota_aes_start(&aes, key.data(), key.size()));
    return aes;
}

Bytes crypt(const Bytes &key, const std::string &counter, uint32_t position, Bytes data)
{
    nota_aes aes = with(key);
    nota_aes_crypt(&aes, from_hex(counter).data(), position, data.data(), data.size());
    return data;
}

const Bytes key128 = from_hex("2b7e151628aed2a6abf7158809cf4f3c");
const Bytes key256 = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
const char *const first = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
const Bytes text = from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

// F.5.1, F.5.2, F.5.5 and F.5.6.
TEST(Aes, CounterModeHasTheVectorsOfNistSp80038a)
{
    const Bytes cipher128 = from_hex("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                                     "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
    const Bytes cipher256 = from_hex("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                                     "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
    EXPECT_EQ(crypt(key128, first, 0, text), cipher128);
    EXPECT_EQ(crypt(key256, first, 0, text), cipher256);
    EXPECT_EQ(crypt(key256, first, 0, cipher256), text);
}

// FIPS 197, appendices C.1 and C.3.
TEST(Aes, ABlockIsDecryptedAsTheStandardHasIt)
{
    const Bytes key = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    const Bytes expected = from_hex("00112233445566778899aabbccddeeff");
    Bytes block = from_hex("69c4e0d86a7b0430d8cdb78070b4c55a");
    nota_aes aes = with(Bytes(key.begin(), key.begin() + 16));
    nota_aes_decrypt(&aes, block.data());
    EXPECT_EQ(block, expected);
    block = from_hex("8ea2b7ca516745bfeafc49904b496089");
    aes = with(key);
    nota_aes_decrypt(&aes, block.data());
    EXPECT_EQ(block, expected);
}

TEST(Aes, BytesFromAnyPositionOnAreThoseOfTheWholeText)
{
    const Bytes whole = crypt(key256, first, 0, text);
    for (size_t at = 0; at <= text.size(); at++) {
        for (size_t count = 0; count <= text.size() - at; count++) {
            auto begin = static_cast<std::ptrdiff_t>(at);
            auto end = static_cast<std::ptrdiff_t>(at + count);
            EXPECT_EQ(crypt(key256, first, static_cast<uint32_t>(at), Bytes(text.begin() + begin, text.begin() + end)),
                Bytes(whole.begin() + begin, whole.begin() + end));
        }
    }
}

TEST(Aes, TheCounterCarriesOverAllItsBytes)
{
    const Bytes zeros(32);
    const char *const before[] = {"000000000000000000000000ffffffff", "0000000000000000ffffffffffffffff", "00000000ffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffff", "00000000ffffffffffffffff80000001"};
    const char *const behind[] = {"00000000000000000000000100000000", "00000000000000010000000000000000", "00000001000000000000000000000000",
        "00000000000000000000000000000000", "00000000ffffffffffffffff80000002"};
    for (int i = 0; i < 5; i++) {
        Bytes both = crypt(key128, before[i], 0, zeros);
        EXPECT_EQ(Bytes(both.begin() + 16, both.end()), crypt(key128, behind[i], 0, Bytes(16)));
        EXPECT_EQ(Bytes(both.begin() + 16, both.end()), crypt(key128, before[i], 16, Bytes(16)));
    }

    // The furthest position of all.
    EXPECT_EQ(crypt(key128, "000000000000000000000000f0000001", 0xFFFFFFF0U, Bytes(16)), crypt(key128, "00000000000000000000000100000000", 0, Bytes(16)));
}

TEST(Aes, AKeyOfAnyOtherLengthIsRefused)
{
    nota_aes aes;
    for (size_t length : {0U, 1U, 15U, 17U, 24U, 31U, 33U, 64U}) {
        EXPECT_FALSE(nota_aes_start(&aes, Bytes(64).data(), length)) << length;
    }
}

} // namespace
