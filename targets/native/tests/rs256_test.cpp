// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "nanoota_rs256.h"
#include "rs256_vectors.h"

namespace {

using Bytes = std::vector<uint8_t>;

Bytes from_hex(const char *text)
{
    Bytes bytes;
    for (; *text != 0; text += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(text, 2), nullptr, 16)));
    }

    return bytes;
}

Bytes digest_of(const char *message)
{
    nota_sha256 sha;
    Bytes digest(NOTA_SHA256_DIGEST_LENGTH);
    nota_sha256_start(&sha);
    nota_sha256_append(&sha, message, strlen(message));
    nota_sha256_finish(&sha, digest.data());
    return digest;
}

bool verify(const Bytes &modulus, uint32_t exponent, const Bytes &signature, const Bytes &digest)
{
    nota_rsa_key key{modulus.data(), modulus.size(), exponent};
    nota_rsa_work work;
    memset(&work, 0xA5, sizeof work); // it needs no initial value
    return nota_rs256_verify(&key, digest.data(), signature.data(), signature.size(), &work);
}

bool verify(const Bytes &modulus, uint32_t exponent, const Bytes &signature, const char *message = "abc")
{
    return verify(modulus, exponent, signature, digest_of(message));
}

class Rs256 : public testing::TestWithParam<Rs256Vector> {
protected:
    Bytes modulus = from_hex(GetParam().modulus);
    Bytes signature = from_hex(GetParam().signature);
    uint32_t exponent = GetParam().exponent;
};

TEST_P(Rs256, TakesASignatureOfThisMessageAndNoOtherMessage)
{
    EXPECT_TRUE(verify(modulus, exponent, signature));
    EXPECT_FALSE(verify(modulus, exponent, signature, "abd"));
    EXPECT_FALSE(verify(modulus, exponent + 2, signature));
}

TEST_P(Rs256, RefusesASignatureWithAnyByteChanged)
{
    for (size_t i = 0; i < signature.size(); i += 7) {
        signature[i] ^= 0x20;
        EXPECT_FALSE(verify(modulus, exponent, signature)) << i;
        signature[i] ^= 0x20;
    }
}

TEST_P(Rs256, RefusesAnotherLength)
{
    EXPECT_FALSE(verify(modulus, exponent, Bytes(signature.begin(), signature.end() - 1)));
    signature.push_back(0);
    EXPECT_FALSE(verify(modulus, exponent, signature));
    EXPECT_FALSE(verify(modulus, exponent, {}));
}

TEST_P(Rs256, RefusesASignatureOfNothingOrTheModulus)
{
    EXPECT_FALSE(verify(modulus, exponent, Bytes(signature.size(), 0)));
    EXPECT_FALSE(verify(modulus, exponent, Bytes(signature.size(), 0xFF)));
    EXPECT_FALSE(verify(modulus, exponent, modulus));
}

TEST_P(Rs256, RefusesAKeyThatIsNone)
{
    for (uint32_t none : {0U, 1U, 2U, 65536U}) {
        EXPECT_FALSE(verify(modulus, none, signature));
    }

    Bytes even = modulus;
    even.back() &= 0xFE;
    EXPECT_FALSE(verify(even, exponent, signature));
    Bytes small = modulus;
    small[0] &= 0x7F;
    EXPECT_FALSE(verify(small, exponent, signature));
    EXPECT_FALSE(verify(Bytes(128, 0xFF), exponent, Bytes(128, 1)));
    EXPECT_FALSE(verify(Bytes(1024, 0xFF), exponent, Bytes(1024, 1)));
    EXPECT_FALSE(verify({}, exponent, {}));
}

TEST(Rs256Carry, IntoTheTopWordIsNotLost)
{
    Bytes modulus = from_hex(rs256_carry.modulus);
    Bytes signature = from_hex(rs256_carry.signature);
    Bytes digest = from_hex(rs256_carry_digest);
    EXPECT_TRUE(verify(modulus, rs256_carry.exponent, signature, digest));
    digest.back() ^= 1;
    EXPECT_FALSE(verify(modulus, rs256_carry.exponent, signature, digest));
}

INSTANTIATE_TEST_SUITE_P(Keys, Rs256, testing::ValuesIn(rs256_vectors), [](const testing::TestParamInfo<Rs256Vector> &chosen) {
    return std::to_string(strlen(chosen.param.modulus) * 4) + "Exponent" + std::to_string(chosen.param.exponent);
});

} // namespace
