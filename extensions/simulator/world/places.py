# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Cities and providers that a scenario's nodes refer to by name."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """One city with its region, country and continent; ids are the simulator's own."""

    city_id: int
    city: str
    region_id: int
    region: str
    country_id: int
    country: str
    country_code: str
    continent_id: int
    continent: str
    latitude: float
    longitude: float


class Provider(NamedTuple):
    """One Internet provider with its autonomous system."""

    id: int
    name: str
    as_number: int
    as_name: str


_CONTINENTS = {"North America": 1, "Europe": 2, "Asia": 3, "South America": 4, "Oceania": 5, "Africa": 6}
_COUNTRIES = {
    "United States": (224, "US", "North America"),
    "Canada": (38, "CA", "North America"),
    "Mexico": (138, "MX", "North America"),
    "United Kingdom": (223, "UK", "Europe"),
    "Germany": (81, "DE", "Europe"),
    "France": (73, "FR", "Europe"),
    "Netherlands": (150, "NL", "Europe"),
    "Spain": (197, "ES", "Europe"),
    "Italy": (106, "IT", "Europe"),
    "Sweden": (204, "SE", "Europe"),
    "Switzerland": (205, "CH", "Europe"),
    "Poland": (172, "PL", "Europe"),
    "Ireland": (104, "IE", "Europe"),
    "China": (44, "CN", "Asia"),
    "Japan": (108, "JP", "Asia"),
    "Singapore": (191, "SG", "Asia"),
    "India": (100, "IN", "Asia"),
    "South Korea": (113, "KR", "Asia"),
    "Hong Kong": (97, "HK", "Asia"),
    "United Arab Emirates": (222, "AE", "Asia"),
    "Israel": (105, "IL", "Asia"),
    "Brazil": (30, "BR", "South America"),
    "Argentina": (10, "AR", "South America"),
    "Chile": (43, "CL", "South America"),
    "Australia": (13, "AU", "Oceania"),
    "New Zealand": (153, "NZ", "Oceania"),
    "South Africa": (195, "ZA", "Africa"),
    "Kenya": (110, "KE", "Africa"),
}
# city id, city, region id, region, country, latitude, longitude
_CITIES = [
    (1, "Las Vegas", 32, "Nevada", "United States", 36.175, -115.1372),
    (2, "New York", 33, "New York", "United States", 40.7128, -74.006),
    (3, "Chicago", 14, "Illinois", "United States", 41.8781, -87.6298),
    (4, "Los Angeles", 5, "California", "United States", 34.0522, -118.2437),
    (5, "San Francisco", 5, "California", "United States", 37.7749, -122.4194),
    (6, "Washington", 9, "District of Columbia", "United States", 38.9072, -77.0369),
    (7, "Dallas", 44, "Texas", "United States", 32.7767, -96.797),
    (8, "Seattle", 48, "Washington", "United States", 47.6062, -122.3321),
    (9, "Miami", 10, "Florida", "United States", 25.7617, -80.1918),
    (10, "Atlanta", 11, "Georgia", "United States", 33.749, -84.388),
    (11, "Denver", 6, "Colorado", "United States", 39.7392, -104.9903),
    (12, "Boston", 22, "Massachusetts", "United States", 42.3601, -71.0589),
    (13, "Toronto", 61, "Ontario", "Canada", 43.6532, -79.3832),
    (14, "Montreal", 62, "Quebec", "Canada", 45.5019, -73.5674),
    (15, "Mexico City", 64, "Mexico City", "Mexico", 19.4326, -99.1332),
    (17, "Frankfurt", 71, "Hesse", "Germany", 50.1109, 8.6821),
    (18, "Berlin", 72, "Berlin", "Germany", 52.52, 13.405),
    (19, "Munich", 73, "Bavaria", "Germany", 48.1351, 11.582),
    (20, "Paris", 75, "Ile-de-France", "France", 48.8566, 2.3522),
    (21, "Amsterdam", 77, "North Holland", "Netherlands", 52.3676, 4.9041),
    (22, "Madrid", 79, "Madrid", "Spain", 40.4168, -3.7038),
    (23, "Milan", 80, "Lombardy", "Italy", 45.4642, 9.19),
    (24, "Stockholm", 81, "Stockholm", "Sweden", 59.3293, 18.0686),
    (25, "Zurich", 82, "Zurich", "Switzerland", 47.3769, 8.5417),
    (26, "Warsaw", 83, "Masovia", "Poland", 52.2297, 21.0122),
    (27, "Dublin", 84, "Leinster", "Ireland", 53.3498, -6.2603),
    (29, "Beijing", 91, "Beijing", "China", 39.9042, 116.4074),
    (30, "Shanghai", 92, "Shanghai", "China", 31.2304, 121.4737),
    (31, "Tokyo", 94, "Tokyo", "Japan", 35.6762, 139.6503),
    (32, "Osaka", 95, "Osaka", "Japan", 34.6937, 135.5023),
    (33, "Singapore", 96, "Singapore", "Singapore", 1.3521, 103.8198),
    (34, "Mumbai", 97, "Maharashtra", "India", 19.076, 72.8777),
    (35, "Bangalore", 98, "Karnataka", "India", 12.9716, 77.5946),
    (36, "Seoul", 99, "Seoul", "South Korea", 37.5665, 126.978),
    (37, "Hong Kong", 100, "Hong Kong", "Hong Kong", 22.3193, 114.1694),
    (38, "Dubai", 101, "Dubai", "United Arab Emirates", 25.2048, 55.2708),
    (39, "Tel Aviv", 102, "Tel Aviv", "Israel", 32.0853, 34.7818),
    (40, "Sao Paulo", 111, "Sao Paulo", "Brazil", -23.5505, -46.6333),
    (41, "Buenos Aires", 112, "Buenos Aires", "Argentina", -34.6037, -58.3816),
    (42, "Santiago", 113, "Santiago", "Chile", -33.4489, -70.6693),
    (44, "London", 121, "England", "United Kingdom", 51.5074, -0.1278),
    (45, "Manchester", 121, "England", "United Kingdom", 53.4808, -2.2426),
    (51, "Sydney", 131, "New South Wales", "Australia", -33.8688, 151.2093),
    (52, "Melbourne", 132, "Victoria", "Australia", -37.8136, 144.9631),
    (53, "Auckland", 133, "Auckland", "New Zealand", -36.8509, 174.7645),
    (61, "Johannesburg", 141, "Gauteng", "South Africa", -26.2041, 28.0473),
    (62, "Nairobi", 142, "Nairobi", "Kenya", -1.2921, 36.8219),
    (142, "Wuhan", 93, "Hubei", "China", 30.5928, 114.3055),
]


def _place(row: tuple[int, str, int, str, str, float, float]) -> Place:
    city_id, city, region_id, region, country, latitude, longitude = row
    country_id, code, continent = _COUNTRIES[country]
    return Place(
        city_id,
        city,
        region_id,
        region,
        country_id,
        country,
        code,
        _CONTINENTS[continent],
        continent,
        latitude,
        longitude,
    )


PLACES: dict[str, Place] = {row[1]: _place(row) for row in _CITIES}

PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider(5, "Level3", 3356, "LEVEL3"),
        Provider(6, "Cogent", 174, "COGENT-174"),
        Provider(7, "Zayo", 6461, "ZAYO-6461"),
        Provider(8, "NTT", 2914, "NTT-LTD-2914"),
        Provider(9, "Verizon", 701, "UUNET"),
        Provider(10, "AT&T", 7018, "ATT-INTERNET4"),
        Provider(11, "Arelion", 1299, "TWELVE99"),
        Provider(12, "Tata", 6453, "AS6453"),
        Provider(13, "GTT", 3257, "GTT-BACKBONE"),
        Provider(14, "Telstra", 1221, "ASN-TELSTRA"),
        Provider(15, "Comcast", 7922, "COMCAST-7922"),
        Provider(16, "Cloud West", 64500, "DOC-CLOUD-WEST"),
    )
}
