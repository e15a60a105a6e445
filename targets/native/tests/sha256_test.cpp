// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "nanoota_sha256.h"

namespace {

std::string finish(nota_sha256 &sha)
{
    uint8_t digest[NOTA_SHA256_DIGEST_LENGTH];
    nota_sha256_finish(&sha, digest);
    std::string text;
    for (uint8_t byte : digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }

    return text;
}

std::string digest_of(const std::string &message)
{
    nota_sha256 sha;
    nota_sha256_start(&sha);
    nota_sha256_append(&sha, message.data(), message.size());
    return finish(sha);
}

TEST(Sha256, GivesTheDigestsOfTheStandardsExamples)
{
    EXPECT_EQ(digest_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(digest_of(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, ByteByByteOrSavedAndRestoredAnywhereIsTheSame)
{
    std::string message;
    for (int i = 0; i < 200; i++) {
        message += static_cast<char>(i * 31);
    }

    for (size_t length = 0; length <= message.size(); length++) {
        std::string expected = digest_of(message.substr(0, length));
        nota_sha256 bytes;
        nota_sha256_start(&bytes);
        for (size_t i = 0; i < length; i++) {
            nota_sha256_append(&bytes, &message[i], 1);
        }

        EXPECT_EQ(finish(bytes), expected);

        nota_sha256 first;
        nota_sha256 second;
        uint8_t state[NOTA_SHA256_STATE_LENGTH];
        nota_sha256_start(&first);
        nota_sha256_append(&first, message.data(), length / 2);
        nota_sha256_export(&first, state);
        nota_sha256_import(&second, state);
        nota_sha256_append(&second, message.data() + length / 2, length - length / 2);
        EXPECT_EQ(finish(second), expected);
    }
}

TEST(Sha256, ASavedStateOfLengthZeroIsThatOfAnEmptyMessageAndIsZeros)
{
    nota_sha256 sha;
    uint8_t state[NOTA_SHA256_STATE_LENGTH];
    const uint8_t zeros[NOTA_SHA256_STATE_LENGTH] = {};
    memset(state, 0xA5, sizeof state);
    memset(state + 32, 0, 8);
    nota_sha256_import(&sha, state);
    nota_sha256_append(&sha, "abc", 3);
    EXPECT_EQ(finish(sha), digest_of("abc"));
    nota_sha256_export(&sha, state);
    EXPECT_EQ(memcmp(state, zeros, sizeof state), 0);
    nota_sha256_import(&sha, zeros);
    EXPECT_EQ(finish(sha), digest_of(""));
}

TEST(Sha256, BeginsAnewAfterADigestAndTakesNothing)
{
    nota_sha256 sha;
    nota_sha256_start(&sha);
    nota_sha256_append(&sha, "xyz", 3);
    (void)finish(sha);
    nota_sha256_append(&sha, nullptr, 0);
    nota_sha256_append(&sha, "abc", 3);
    nota_sha256_append(&sha, nullptr, 0);
    EXPECT_EQ(finish(sha), digest_of("abc"));
}

} // namespace
