CREATE DATABASE  IF NOT EXISTS `beacon_service` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `beacon_service`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `district`
--

DROP TABLE IF EXISTS `district`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `district` (
  `District_ID` int NOT NULL AUTO_INCREMENT,
  `District_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Founded` int NOT NULL,
  `Budget` decimal(8,2) NOT NULL,
  PRIMARY KEY (`District_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=9 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `district`
--

LOCK TABLES `district` WRITE;
/*!40000 ALTER TABLE `district` DISABLE KEYS */;
INSERT INTO `district` VALUES (1,'Southern Straits',1849,87973.75),(2,'Inner Isles',1848,37746.75),(3,'Inner Shallows',1815,35288.75),(4,'Greater Straits',1847,70361.50),(5,'Outer Shallows',1827,40482.75),(6,'Lesser Fjords',1832,80546.75),(7,'Outer Straits',1820,66047.75),(8,'Lesser Shallows',1804,20422.50);
/*!40000 ALTER TABLE `district` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `keeper`
--

DROP TABLE IF EXISTS `keeper`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `keeper` (
  `Keeper_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Lighthouse_ID` int DEFAULT NULL,
  `Born` int NOT NULL,
  `Station_Rank` text COLLATE utf8mb4_general_ci NOT NULL,
  `Joined` date DEFAULT NULL,
  `Pay` decimal(8,2) NOT NULL,
  PRIMARY KEY (`Keeper_ID`),
  KEY `keeper_ibfk_1` (`Lighthouse_ID`),
  CONSTRAINT `keeper_ibfk_1` FOREIGN KEY (`Lighthouse_ID`) REFERENCES `lighthouse` (`Lighthouse_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=61 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `keeper`
--

LOCK TABLES `keeper` WRITE;
/*!40000 ALTER TABLE `keeper` DISABLE KEYS */;
INSERT INTO `keeper` VALUES (1,'Quill Fosterwick',24,1907,'assistant','1945-07-20',74.00),(2,'Aldo Quarrendon',5,1889,'apprentice','1931-03-02',42.50),(3,'Tamsin Quarrendon',18,1933,'apprentice','1958-10-27',71.50),(4,'Ysolde Hollinrake',31,1945,'apprentice','1963-06-15',53.50),(5,'Liesel Oakhanger',7,1936,'apprentice','1965-11-05',45.50),(6,'Brenna Castelow',20,1914,'assistant','1934-03-25',34.50),(7,'Ivo Thistlewood',5,1889,'assistant','1931-04-22',81.00),(8,'Odo Lowmoor',NULL,1917,'assistant','1951-05-28',57.50),(9,'Corin Merriden',NULL,1917,'apprentice','1950-10-13',72.00),(10,'Brenna Lowmoor',8,1940,'assistant','1968-04-16',37.00),(11,'Ivo Brackwater',3,1933,'apprentice','1958-03-24',50.50),(12,'Delphe Brackwater',19,1896,'assistant','1937-11-07',72.00),(13,'Aldo Kettleby',19,1930,'apprentice','1954-12-02',63.50),(14,'Ulla Lowmoor',17,1914,'apprentice','1954-10-17',61.50),(15,'Severin Lowmoor',32,1913,'apprentice','1941-09-06',87.00),(16,'Quill Wintercott',5,1904,'apprentice',NULL,84.50),(17,'Tamsin Ellingby',12,1906,'apprentice','1939-11-18',85.00),(18,'Viggo Quarrendon',31,1917,'assistant','1940-01-08',66.50),(19,'Severin Nightingale',31,1904,'assistant','1940-08-04',38.50),(20,'Viggo Hollinrake',27,1897,'assistant','1939-09-28',31.50),(21,'Runa Castelow',20,1906,'apprentice','1933-12-05',31.50),(22,'Eskil Yarrowdale',19,1948,'apprentice','1966-06-25',32.00),(23,'Brenna Pennyfold',18,1934,'assistant','1959-09-04',80.50),(24,'Odo Abernock',NULL,1909,'apprentice',NULL,75.00),(25,'Fenna Brackwater',21,1898,'apprentice','1937-05-10',52.00),(26,'Aldo Quarrendon',16,1942,'apprentice','1962-10-01',35.00),(27,'Wenna Jessop',21,1913,'principal','1952-09-22',70.00),(28,'Corin Ironmonger',29,1937,'apprentice','1962-07-14',33.50),(29,'Fenna Kettleby',5,1931,'assistant','1968-05-19',75.00),(30,'Fenna Thistlewood',NULL,1925,'apprentice','1945-02-14',36.00),(31,'Aldo Sallowfield',31,1902,'assistant','1942-07-24',58.50),(32,'Nerys Lowmoor',21,1917,'assistant','1938-10-25',76.50),(33,'Marek Pennyfold',NULL,1892,'principal','1933-12-06',81.00),(34,'Marek Thistlewood',27,1920,'principal','1937-05-01',41.50),(35,'Quill Jessop',32,1904,'apprentice',NULL,68.00),(36,'Jorun Dunmarrow',32,1899,'apprentice','1937-01-04',46.00),(37,'Corin Pennyfold',6,1890,'apprentice','1931-12-08',36.50),(38,'Wenna Lowmoor',17,1896,'assistant','1933-11-21',64.50),(39,'Ysolde Wintercott',5,1917,'apprentice','1950-05-10',72.50),(40,'Ysolde Nightingale',27,1905,'assistant','1947-03-10',41.00),(41,'Aldo Ravensworth',6,1902,'apprentice','1941-03-07',61.00),(42,'Wenna Oakhanger',19,1941,'assistant',NULL,66.50),(43,'Marek Hollinrake',5,1889,'apprentice','1931-05-21',62.50),(44,'Aldo Grimsaddle',NULL,1938,'apprentice','1959-10-28',79.50),(45,'Nerys Hollinrake',32,1947,'apprentice','1966-04-08',82.50),(46,'Viggo Oakhanger',16,1916,'apprentice',NULL,81.50),(47,'Odo Jessop',5,1894,'apprentice','1935-10-11',65.50),(48,'Kasimir Kettleby',3,1900,'apprentice','1934-08-25',78.00),(49,'Ivo Vexley',5,1910,'apprentice','1941-07-18',85.00),(50,'Kasimir Yarrowdale',27,1935,'assistant','1961-10-21',32.50),(51,'Petra Dunmarrow',7,1914,'apprentice','1937-01-26',42.50),(52,'Wenna Grimsaddle',NULL,1913,'principal','1932-09-19',79.00),(53,'Brenna Brackwater',17,1921,'apprentice','1953-02-02',66.00),(54,'Kasimir Lowmoor',8,1888,'apprentice','1931-01-04',64.00),(55,'Jorun Grimsaddle',1,1896,'apprentice','1932-05-11',43.00),(56,'Liesel Dunmarrow',2,1933,'apprentice','1967-05-08',79.00),(57,'Tamsin Abernock',8,1894,'apprentice','1936-05-08',71.50),(58,'Eskil Jessop',19,1908,'assistant','1939-10-27',84.50),(59,'Aldo Ellingby',16,1899,'assistant','1933-12-02',54.00),(60,'Garrick Underhay',30,1902,'assistant','1933-07-16',51.50);
/*!40000 ALTER TABLE `keeper` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `lighthouse`
--

DROP TABLE IF EXISTS `lighthouse`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `lighthouse` (
  `Lighthouse_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `District_ID` int NOT NULL,
  `Material` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Height_m` double DEFAULT NULL,
  `Built` int NOT NULL,
  PRIMARY KEY (`Lighthouse_ID`),
  KEY `lighthouse_ibfk_1` (`District_ID`),
  CONSTRAINT `lighthouse_ibfk_1` FOREIGN KEY (`District_ID`) REFERENCES `district` (`District_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=33 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `lighthouse`
--

LOCK TABLES `lighthouse` WRITE;
/*!40000 ALTER TABLE `lighthouse` DISABLE KEYS */;
INSERT INTO `lighthouse` VALUES (1,'Hollow Head',2,'oak',NULL,1890),(2,'Widow\'s Reef',8,'cast iron',30.5,1891),(3,'Salt Head',1,'oak',NULL,1896),(4,'Grey Reef',6,'oak',46.5,1880),(5,'Broken Skerry',6,'cast iron',21,1920),(6,'Gull Head',1,'oak',56.5,1873),(7,'Grey Ness',8,'granite',NULL,1820),(8,'Long Ness',2,'concrete',12,1900),(9,'Broken Head',8,'cast iron',22,1830),(10,'Hollow Rock',8,'concrete',21,1860),(11,'Widow\'s Head',3,'cast iron',21,1909),(12,'Iron Reef',3,'cast iron',42.5,1858),(13,'Long Rock',8,'oak',22.5,1818),(14,'Gull Point',2,'oak',NULL,1897),(15,'Broken Rock',6,'cast iron',52.5,1887),(16,'Hollow Reef',5,'oak',10,1882),(17,'Gull Reef',8,'granite',40,1808),(18,'Widow\'s Rock',6,'oak',34,1912),(19,'Long Point',2,'granite',42.5,1890),(20,'Gull Ness',8,'cast iron',12,1915),(21,'Broken Reef',2,'cast iron',11.5,1879),(22,'Widow\'s Ness',8,'granite',41.5,1876),(23,'Iron Skerry',6,'granite',61,1849),(24,'Gull Skerry',5,'oak',26.5,1849),(25,'Widow\'s Point',6,'cast iron',56.5,1894),(26,'Long Skerry',5,'cast iron',59.5,1927),(27,'Grey Point',2,'cast iron',47,1900),(28,'Grey Skerry',8,'cast iron',30,1873),(29,'Gull Rock',8,'cast iron',28.5,1881),(30,'Grey Head',2,'granite',15,1928),(31,'Hollow Point',5,'oak',38,1898),(32,'Broken Ness',1,'concrete',NULL,1907);
/*!40000 ALTER TABLE `lighthouse` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `airship_line` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `airship_line`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `airship`
--

DROP TABLE IF EXISTS `airship`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `airship` (
  `Airship_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Home_Port_ID` int NOT NULL,
  `Maker` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Launched` int NOT NULL,
  `Cabins` int DEFAULT NULL,
  PRIMARY KEY (`Airship_ID`),
  KEY `airship_ibfk_1` (`Home_Port_ID`),
  CONSTRAINT `airship_ibfk_1` FOREIGN KEY (`Home_Port_ID`) REFERENCES `port` (`Port_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=27 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `airship`
--

LOCK TABLES `airship` WRITE;
/*!40000 ALTER TABLE `airship` DISABLE KEYS */;
INSERT INTO `airship` VALUES (1,'Northern Whale',7,'Orlop & Daughters',1914,32),(2,'Northern Pilgrim',7,'Gasbag Union',1915,26),(3,'Patient Duchess',2,'Orlop & Daughters',1904,35),(4,'Patient Thunderhead',2,'Vantry Works',1933,37),(5,'Bold Pilgrim',6,'Gasbag Union',1896,7),(6,'Drowsy Duchess',6,'Gasbag Union',1907,19),(7,'Silver Thunderhead',5,'Gasbag Union',1931,34),(8,'Patient Heron',2,'Tolliver Yard',1928,40),(9,'Bold Duchess',3,'Orlop & Daughters',1935,36),(10,'Northern Thunderhead',12,'Gasbag Union',1899,32),(11,'Amber Heron',1,'Gasbag Union',1909,30),(12,'Bold Bumblebee',9,'Vantry Works',1896,10),(13,'Silver Pilgrim',7,'Vantry Works',1909,34),(14,'Northern Duchess',1,'Orlop & Daughters',1917,18),(15,'Bold Thunderhead',5,'Gasbag Union',1901,15),(16,'Drowsy Pilgrim',1,'Gasbag Union',1938,35),(17,'Amber Whale',5,'Orlop & Daughters',1903,32),(18,'Patient Pilgrim',5,'Gasbag Union',1903,14),(19,'Amber Bumblebee',5,'Orlop & Daughters',1912,47),(20,'Bold Heron',1,'Orlop & Daughters',1907,25),(21,'Northern Heron',1,'Gasbag Union',1938,18),(22,'Drowsy Thunderhead',2,'Gasbag Union',1898,6),(23,'Amber Thunderhead',2,'Gasbag Union',1923,26),(24,'Amber Pilgrim',1,'Gasbag Union',1935,42),(25,'Amber Duchess',12,'Gasbag Union',1901,13),(26,'Drowsy Bumblebee',10,'Gasbag Union',1922,30);
/*!40000 ALTER TABLE `airship` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `captain`
--

DROP TABLE IF EXISTS `captain`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `captain` (
  `Captain_ID` int NOT NULL AUTO_INCREMENT,
  `Full_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Airship_ID` int DEFAULT NULL,
  `Licence_Grade` varchar(12) COLLATE utf8mb4_general_ci NOT NULL,
  `Flight_Hours` int NOT NULL,
  PRIMARY KEY (`Captain_ID`),
  KEY `captain_ibfk_1` (`Airship_ID`),
  CONSTRAINT `captain_ibfk_1` FOREIGN KEY (`Airship_ID`) REFERENCES `airship` (`Airship_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=31 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `captain`
--

LOCK TABLES `captain` WRITE;
/*!40000 ALTER TABLE `captain` DISABLE KEYS */;
INSERT INTO `captain` VALUES (1,'Garrick Ellingby',NULL,'B',1411),(2,'Eskil Quarrendon',22,'D',6185),(3,'Jorun Sallowfield',10,'D',1253),(4,'Ysolde Ellingby',4,'D',4927),(5,'Eskil Sallowfield',7,'B',5544),(6,'Tamsin Castelow',22,'B',1244),(7,'Quill Merriden',10,'D',1573),(8,'Liesel Merriden',4,'A',3129),(9,'Fenna Sallowfield',9,'B',2482),(10,'Tamsin Merriden',22,'D',2040),(11,'Marek Kettleby',23,'B',4867),(12,'Delphe Grimsaddle',3,'A',5029),(13,'Kasimir Nightingale',16,'B',3807),(14,'Hedda Sallowfield',3,'D',1648),(15,'Petra Dunmarrow',16,'B',3068),(16,'Ulla Ravensworth',13,'A',3833),(17,'Eskil Abernock',25,'D',2919),(18,'Nerys Grimsaddle',22,'B',900),(19,'Nerys Quarrendon',4,'B',322),(20,'Runa Jessop',NULL,'D',3223),(21,'Ulla Wintercott',22,'D',5766),(22,'Aldo Oakhanger',4,'B',3550),(23,'Quill Fosterwick',10,'B',2750),(24,'Jorun Merriden',4,'A',826),(25,'Hedda Vexley',10,'D',3979),(26,'Severin Ravensworth',3,'D',1166),(27,'Severin Nightingale',4,'D',6223),(28,'Aldo Nightingale',7,'B',1876),(29,'Jorun Quarrendon',23,'B',4209),(30,'Viggo Castelow',13,'B',4750);
/*!40000 ALTER TABLE `captain` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `port`
--

DROP TABLE IF EXISTS `port`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `port` (
  `Port_ID` int NOT NULL AUTO_INCREMENT,
  `Port_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Coast` varchar(24) COLLATE utf8mb4_general_ci NOT NULL,
  `Mooring_Masts` int NOT NULL,
  PRIMARY KEY (`Port_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=13 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `port`
--

LOCK TABLES `port` WRITE;
/*!40000 ALTER TABLE `port` DISABLE KEYS */;
INSERT INTO `port` VALUES (1,'Larkfall Quay','Amber',1),(2,'Anvilgate Quay','Coral',5),(3,'Harrowmere Field','Amber',3),(4,'Zephyr Station','Coral',10),(5,'Larkfall Field','Amber',6),(6,'Anvilgate Tower','Coral',1),(7,'Larkfall Station','Coral',8),(8,'Cloudhaven Field','Amber',7),(9,'Cloudhaven Tower','Amber',1),(10,'Harrowmere Tower','Amber',1),(11,'Harrowmere Quay','Coral',11),(12,'Anvilgate Station','Amber',2);
/*!40000 ALTER TABLE `port` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `voyage`
--

DROP TABLE IF EXISTS `voyage`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `voyage` (
  `Voyage_ID` int NOT NULL AUTO_INCREMENT,
  `Airship_ID` int NOT NULL,
  `Destination_ID` int NOT NULL,
  `Departed` date NOT NULL,
  `Passengers` int NOT NULL,
  `Fare` decimal(8,2) DEFAULT NULL,
  PRIMARY KEY (`Voyage_ID`),
  KEY `voyage_ibfk_1` (`Airship_ID`),
  KEY `voyage_ibfk_2` (`Destination_ID`),
  CONSTRAINT `voyage_ibfk_1` FOREIGN KEY (`Airship_ID`) REFERENCES `airship` (`Airship_ID`),
  CONSTRAINT `voyage_ibfk_2` FOREIGN KEY (`Destination_ID`) REFERENCES `port` (`Port_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=1071 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `voyage`
--

LOCK TABLES `voyage` WRITE;
/*!40000 ALTER TABLE `voyage` DISABLE KEYS */;
INSERT INTO `voyage` VALUES (1001,6,6,'1925-08-05',77,73.25),(1002,2,1,'1928-12-18',13,66.75),(1003,22,2,'1925-08-02',109,32.75),(1004,22,10,'1934-07-17',109,89.50),(1005,24,1,'1940-09-07',36,94.00),(1006,25,10,'1928-07-20',110,15.00),(1007,12,4,'1926-06-11',44,78.50),(1008,25,2,'1923-07-02',114,73.50),(1009,8,6,'1934-12-24',85,45.75),(1010,25,2,'1939-05-09',87,86.50),(1011,16,10,'1940-10-03',9,29.75),(1012,6,1,'1928-03-08',102,62.50),(1013,8,2,'1935-03-17',20,73.50),(1014,8,3,'1930-03-14',89,16.25),(1015,12,1,'1934-07-08',60,52.50),(1016,25,8,'1932-06-01',91,29.50),(1017,18,3,'1939-03-18',17,19.25),(1018,16,6,'1940-03-10',60,33.00),(1019,10,2,'1926-01-03',18,75.75),(1020,6,1,'1936-10-06',107,33.00),(1021,22,2,'1921-12-11',100,38.50),(1022,24,8,'1940-06-01',30,18.75),(1023,12,8,'1938-08-10',58,76.50),(1024,8,3,'1935-12-09',88,37.50),(1025,16,1,'1938-10-01',106,44.25),(1026,10,5,'1923-10-28',44,84.75),(1027,8,3,'1934-11-12',69,93.50),(1028,22,5,'1939-12-17',94,38.50),(1029,2,2,'1927-05-13',86,34.75),(1030,25,1,'1929-10-20',23,85.75),(1031,3,10,'1940-11-27',89,31.50),(1032,2,6,'1926-01-28',109,92.75),(1033,6,2,'1938-06-11',15,82.50),(1034,13,8,'1931-05-08',40,55.50),(1035,1,6,'1929-10-25',91,39.50),(1036,16,3,'1939-10-11',119,85.50),(1037,8,3,'1932-02-06',96,29.50),(1038,15,1,'1939-10-10',25,45.00),(1039,24,10,'1940-08-25',67,13.00),(1040,25,2,'1931-06-16',77,35.25),(1041,12,6,'1932-02-19',29,34.50),(1042,8,12,'1936-09-27',21,21.50),(1043,10,8,'1931-11-18',97,72.00),(1044,11,1,'1939-11-16',117,13.00),(1045,25,10,'1922-05-02',86,51.50),(1046,13,6,'1920-05-21',85,74.75),(1047,8,1,'1938-02-08',21,58.50),(1048,15,8,'1938-09-23',80,63.25),(1049,22,2,'1929-05-16',37,74.00),(1050,14,6,'1940-04-05',75,75.75),(1051,12,2,'1938-02-05',101,54.75),(1052,12,3,'1928-01-16',51,57.75),(1053,2,6,'1938-05-07',67,NULL),(1054,25,8,'1921-11-21',117,NULL),(1055,17,6,'1931-05-26',67,83.25),(1056,14,1,'1923-06-11',83,39.75),(1057,22,6,'1922-10-17',23,25.25),(1058,6,8,'1928-02-08',32,14.50),(1059,26,5,'1923-11-01',118,42.00),(1060,6,10,'1931-01-22',79,90.75),(1061,16,4,'1939-09-20',34,70.00),(1062,24,8,'1935-04-27',52,57.50),(1063,6,1,'1929-03-10',108,38.25),(1064,8,1,'1934-10-19',115,12.25),(1065,16,4,'1940-12-21',74,51.25),(1066,12,6,'1939-12-27',89,91.75),(1067,16,8,'1939-03-03',108,16.75),(1068,17,8,'1927-09-13',35,28.00),(1069,25,1,'1928-07-14',80,26.75),(1070,25,8,'1931-04-07',14,16.75);
/*!40000 ALTER TABLE `voyage` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `mushroom_market` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `mushroom_market`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `basket`
--

DROP TABLE IF EXISTS `basket`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `basket` (
  `Basket_No` int NOT NULL AUTO_INCREMENT,
  `Forager_ID` int NOT NULL,
  `Variety_ID` int NOT NULL,
  `Weight_kg` double NOT NULL,
  `Picked_On` date NOT NULL,
  `Weather` varchar(40) COLLATE utf8mb4_general_ci DEFAULT NULL,
  PRIMARY KEY (`Basket_No`),
  KEY `basket_ibfk_1` (`Forager_ID`),
  KEY `basket_ibfk_2` (`Variety_ID`),
  CONSTRAINT `basket_ibfk_1` FOREIGN KEY (`Forager_ID`) REFERENCES `forager` (`Forager_ID`),
  CONSTRAINT `basket_ibfk_2` FOREIGN KEY (`Variety_ID`) REFERENCES `variety` (`Variety_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=276 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `basket`
--

LOCK TABLES `basket` WRITE;
/*!40000 ALTER TABLE `basket` DISABLE KEYS */;
INSERT INTO `basket` VALUES (201,17,2,5.5,'2021-07-28','misty'),(202,3,5,5,'2020-04-17','dry'),(203,11,11,7,'2021-09-17','dry'),(204,5,12,11.5,'2021-04-19','dry'),(205,23,11,11.5,'2022-04-27','dry'),(206,5,12,9.5,'2021-03-15','dry'),(207,20,10,14,'2020-12-20','misty'),(208,28,1,9.5,'2020-04-18','misty'),(209,11,4,8,'2021-03-13','dry'),(210,27,15,12.5,'2022-05-18',NULL),(211,7,10,4.5,'2020-03-12','dry'),(212,8,17,9.5,'2022-10-12','dry'),(213,28,5,4,'2020-12-23',NULL),(214,1,11,11,'2022-11-15','dry'),(215,8,17,3,'2022-06-10','rainy'),(216,18,9,5.5,'2021-05-12','misty'),(217,18,11,8.5,'2021-07-12','dry'),(218,28,2,10.5,'2021-06-18','dry'),(219,17,1,7,'2021-02-16',NULL),(220,7,12,13.5,'2022-10-26','dry'),(221,19,15,10.5,'2022-09-24','dry'),(222,3,9,5,'2021-10-17','rainy'),(223,5,9,4,'2021-04-01','dry'),(224,7,5,10,'2020-01-18','rainy'),(225,2,15,6,'2022-09-26','dry'),(226,19,12,14,'2021-11-11','rainy'),(227,6,1,9,'2020-08-10','dry'),(228,2,15,8.5,'2022-10-18','dry'),(229,1,12,8,'2022-06-24','dry'),(230,16,12,2.5,'2021-08-24','misty'),(231,7,11,4.5,'2022-04-06','dry'),(232,5,10,5,'2020-07-17','rainy'),(233,27,12,2,'2022-05-16','rainy'),(234,5,4,5,'2020-08-10','rainy'),(235,22,10,3,'2020-10-04','misty'),(236,13,11,4.5,'2021-01-15','dry'),(237,13,11,3,'2022-02-20','dry'),(238,2,17,12.5,'2022-03-16','stormy'),(239,20,5,6,'2021-05-27','rainy'),(240,7,1,3.5,'2020-01-17','rainy'),(241,28,15,3,'2020-05-20',NULL),(242,17,11,12.5,'2022-08-17','dry'),(243,20,2,2,'2021-01-22',NULL),(244,12,11,9,'2020-02-02','dry'),(245,9,12,7.5,'2022-04-13','stormy'),(246,16,2,11.5,'2021-11-21','misty'),(247,17,15,11,'2020-09-01','rainy'),(248,17,17,10,'2021-03-15',NULL),(249,22,12,8.5,'2022-08-12','dry'),(250,23,8,12.5,'2022-10-21','dry'),(251,7,10,3,'2020-07-18','dry'),(252,5,11,6.5,'2022-10-28','misty'),(253,17,11,6.5,'2022-08-28','dry'),(254,6,5,12.5,'2022-09-02','dry'),(255,7,5,7,'2020-09-20','rainy'),(256,17,9,9.5,'2022-09-28','dry'),(257,22,15,12,'2022-06-27','misty'),(258,28,11,2,'2022-07-01','stormy'),(259,8,9,6,'2020-02-12','rainy'),(260,5,8,14,'2022-09-21','dry'),(261,28,1,6.5,'2020-08-21','dry'),(262,17,12,6,'2021-11-23','rainy'),(263,26,16,3,'2022-10-26','dry'),(264,2,2,12.5,'2020-06-02','rainy'),(265,7,16,5.5,'2020-01-24','stormy'),(266,1,9,11,'2020-11-13',NULL),(267,1,12,6,'2021-01-06','rainy'),(268,23,5,14,'2021-09-03','dry'),(269,16,1,5.5,'2020-11-17','stormy'),(270,11,11,1.5,'2022-05-26','misty'),(271,5,1,8.5,'2021-04-07','rainy'),(272,6,8,6,'2022-08-09','dry'),(273,17,16,10.5,'2020-05-03','dry'),(274,28,11,13,'2020-12-04','dry'),(275,11,1,6,'2021-08-23','dry');
/*!40000 ALTER TABLE `basket` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `forager`
--

DROP TABLE IF EXISTS `forager`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `forager` (
  `Forager_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Village` text COLLATE utf8mb4_general_ci NOT NULL,
  `Born` int NOT NULL,
  `Licensed_In` text COLLATE utf8mb4_general_ci,
  PRIMARY KEY (`Forager_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=29 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `forager`
--

LOCK TABLES `forager` WRITE;
/*!40000 ALTER TABLE `forager` DISABLE KEYS */;
INSERT INTO `forager` VALUES (1,'Delphe Thistlewood','Fernley',1993,'2016'),(2,'Aldo Thistlewood','Fernley',1991,'2019'),(3,'Ulla Merriden','Dampstead',1986,'2012'),(4,'Ulla Merriden','Dampstead',1972,'2012'),(5,'Runa Pennyfold','Fernley',1984,'2000'),(6,'Tamsin Hollinrake','Fernley',1959,'2013'),(7,'Delphe Vexley','Dampstead',1985,NULL),(8,'Delphe Dunmarrow','Dampstead',1986,'2019'),(9,'Viggo Ellingby','Mossend',1964,'2010'),(10,'Kasimir Jessop','Underbough',1970,'1989'),(11,'Odo Ellingby','Fernley',1950,'2003'),(12,'Kasimir Pennyfold','Dampstead',1990,'2019'),(13,'Fenna Yarrowdale','Fernley',1987,'2009'),(14,'Quill Jessop','Dampstead',1967,'2018'),(15,'Aldo Ravensworth','Dampstead',1975,'2009'),(16,'Eskil Underhay','Dampstead',1954,NULL),(17,'Petra Quarrendon','Fernley',1968,'2016'),(18,'Fenna Fosterwick','Dampstead',1955,'2011'),(19,'Runa Lowmoor','Fernley',1951,'2019'),(20,'Garrick Ravensworth','Dampstead',1955,'1981'),(21,'Liesel Ravensworth','Dampstead',1988,'2009'),(22,'Aldo Thistlewood','Underbough',1997,'2018'),(23,'Garrick Underhay','Fernley',1962,'2018'),(24,'Quill Fosterwick','Fernley',1981,'2013'),(25,'Wenna Nightingale','Dampstead',1963,'1988'),(26,'Marek Fosterwick','Mossend',1982,NULL),(27,'Nerys Ravensworth','Underbough',1953,NULL),(28,'Eskil Vexley','Underbough',1948,'1988');
/*!40000 ALTER TABLE `forager` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `variety`
--

DROP TABLE IF EXISTS `variety`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `variety` (
  `Variety_ID` int NOT NULL AUTO_INCREMENT,
  `Variety_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Cap_Colour` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Price_per_kg` decimal(8,2) NOT NULL,
  PRIMARY KEY (`Variety_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=19 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `variety`
--

LOCK TABLES `variety` WRITE;
/*!40000 ALTER TABLE `variety` DISABLE KEYS */;
INSERT INTO `variety` VALUES (1,'Ink Cap','white',25.25),(2,'Candle Button','white',29.75),(3,'Candle Trumpet','violet',41.75),(4,'Honey Button','white',28.00),(5,'Velvet Bonnet','yellow',3.50),(6,'Velvet Shelf','violet',33.75),(7,'Ink Bonnet','violet',19.25),(8,'Lantern Cap','violet',26.00),(9,'Candle Bonnet','red',14.00),(10,'Velvet Button','white',32.25),(11,'Toadstone Bonnet','violet',40.75),(12,'Toadstone Cap','yellow',3.50),(13,'Ink Trumpet','white',39.25),(14,'Honey Shelf','violet',6.25),(15,'Candle Cap','white',29.50),(16,'Honey Cap','white',10.25),(17,'Toadstone Trumpet','violet',3.50),(18,'Candle Shelf','red',27.75);
/*!40000 ALTER TABLE `variety` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `clockmakers_guild` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `clockmakers_guild`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `clock`
--

DROP TABLE IF EXISTS `clock`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `clock` (
  `Clock_ID` int NOT NULL AUTO_INCREMENT,
  `Title` text COLLATE utf8mb4_general_ci NOT NULL,
  `Master_ID` int NOT NULL,
  `Case_Wood` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Finished` int NOT NULL,
  `Price` decimal(8,2) DEFAULT NULL,
  PRIMARY KEY (`Clock_ID`),
  KEY `clock_ibfk_1` (`Master_ID`),
  CONSTRAINT `clock_ibfk_1` FOREIGN KEY (`Master_ID`) REFERENCES `master` (`Master_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=46 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `clock`
--

LOCK TABLES `clock` WRITE;
/*!40000 ALTER TABLE `clock` DISABLE KEYS */;
INSERT INTO `clock` VALUES (1,'Tide Carillon',5,'oak',1834,17.50),(2,'Owl Orrery',4,'walnut',1819,242.50),(3,'Moon Timepiece',8,'ebony',1789,405.50),(4,'Sparrow Alarum',13,'walnut',1814,NULL),(5,'Tide Repeater',5,'ebony',1823,297.50),(6,'Harvest Wag',13,'walnut',1805,393.50),(7,'Sparrow Orrery',6,'oak',1834,125.50),(8,'Pilgrim\'s Repeater',17,'pear',1829,392.00),(9,'Moon Wag',21,'oak',1797,130.50),(10,'Harvest Alarum',5,'oak',1823,159.50),(11,'Harvest Regulator',13,'oak',1812,317.00),(12,'Baker\'s Wag',14,'walnut',1815,91.50),(13,'Sparrow Timepiece',17,'ebony',1808,127.00),(14,'Pilgrim\'s Lantern',5,'ebony',1833,184.50),(15,'Owl Alarum',17,'oak',1806,222.50),(16,'Baker\'s Orrery',14,'oak',1809,221.50),(17,'Pilgrim\'s Alarum',24,'oak',1815,94.50),(18,'Sparrow Repeater',5,'ebony',1813,290.00),(19,'Moon Regulator',13,'oak',1805,88.00),(20,'Baker\'s Timepiece',10,'walnut',1824,92.00),(21,'Tide Alarum',23,'ebony',1776,411.50),(22,'Owl Wag',10,'oak',1816,41.50),(23,'Harvest Repeater',5,'ebony',1813,372.00),(24,'Baker\'s Lantern',15,'oak',1817,326.00),(25,'Tide Regulator',23,'walnut',1765,278.50),(26,'Sparrow Lantern',22,'oak',1811,215.00),(27,'Tide Lantern',7,'ebony',1816,290.00),(28,'Pilgrim\'s Timepiece',22,'ebony',1823,194.50),(29,'Harvest Timepiece',7,'ebony',1821,356.00),(30,'Owl Carillon',4,'oak',1827,214.50),(31,'Tide Wag',13,'ebony',1819,409.50),(32,'Owl Regulator',13,'oak',1795,85.00),(33,'Harvest Carillon',23,'ebony',1784,259.00),(34,'Moon Lantern',5,'ebony',1834,403.00),(35,'Sparrow Wag',13,'walnut',1809,NULL),(36,'Moon Alarum',4,'oak',1806,NULL),(37,'Owl Lantern',21,'ebony',1797,15.00),(38,'Pilgrim\'s Carillon',1,'ebony',1831,NULL),(39,'Baker\'s Regulator',21,'ebony',1823,NULL),(40,'Sparrow Regulator',1,'oak',1830,326.50),(41,'Moon Repeater',4,'ebony',1792,233.00),(42,'Pilgrim\'s Orrery',8,'oak',1785,207.00),(43,'Sparrow Carillon',21,'ebony',1812,244.00),(44,'Baker\'s Carillon',7,'ebony',1840,222.00),(45,'Owl Timepiece',17,'ebony',1832,203.00);
/*!40000 ALTER TABLE `clock` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `master`
--

DROP TABLE IF EXISTS `master`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `master` (
  `Master_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Workshop_ID` int NOT NULL,
  `Admitted` int NOT NULL,
  `Speciality` varchar(30) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Master_ID`),
  KEY `master_ibfk_1` (`Workshop_ID`),
  CONSTRAINT `master_ibfk_1` FOREIGN KEY (`Workshop_ID`) REFERENCES `workshop` (`Workshop_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=25 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `master`
--

LOCK TABLES `master` WRITE;
/*!40000 ALTER TABLE `master` DISABLE KEYS */;
INSERT INTO `master` VALUES (1,'Jorun Kettleby',9,1794,'dials'),(2,'Ivo Kettleby',8,1805,'automata'),(3,'Odo Ravensworth',9,1803,'dials'),(4,'Runa Abernock',5,1789,'automata'),(5,'Quill Kettleby',8,1808,'dials'),(6,'Runa Underhay',4,1810,'watches'),(7,'Ulla Grimsaddle',4,1812,'dials'),(8,'Liesel Lowmoor',1,1774,'dials'),(9,'Liesel Underhay',2,1791,'dials'),(10,'Eskil Hollinrake',6,1790,'automata'),(11,'Jorun Brackwater',8,1799,'dials'),(12,'Wenna Brackwater',5,1766,'dials'),(13,'Delphe Castelow',9,1787,'automata'),(14,'Hedda Wintercott',4,1783,'dials'),(15,'Garrick Castelow',9,1793,'dials'),(16,'Viggo Kettleby',2,1770,'dials'),(17,'Wenna Merriden',3,1805,'dials'),(18,'Delphe Jessop',8,1788,'automata'),(19,'Liesel Fosterwick',4,1768,'dials'),(20,'Ivo Merriden',3,1780,'automata'),(21,'Tamsin Thistlewood',8,1786,'dials'),(22,'Ysolde Oakhanger',8,1793,'dials'),(23,'Nerys Merriden',4,1754,'automata'),(24,'Ysolde Quarrendon',8,1800,'automata');
/*!40000 ALTER TABLE `master` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `repair`
--

DROP TABLE IF EXISTS `repair`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `repair` (
  `Repair_ID` int NOT NULL AUTO_INCREMENT,
  `Clock_ID` int NOT NULL,
  `Fault` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Hours` int NOT NULL,
  `Returned_On` date NOT NULL,
  PRIMARY KEY (`Repair_ID`),
  KEY `repair_ibfk_1` (`Clock_ID`),
  CONSTRAINT `repair_ibfk_1` FOREIGN KEY (`Clock_ID`) REFERENCES `clock` (`Clock_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=41 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `repair`
--

LOCK TABLES `repair` WRITE;
/*!40000 ALTER TABLE `repair` DISABLE KEYS */;
INSERT INTO `repair` VALUES (1,7,'cracked dial',10,'1842-01-16'),(2,31,'worn pivot',29,'1852-10-01'),(3,24,'cracked dial',16,'1857-09-22'),(4,31,'bent hand',49,'1853-09-04'),(5,21,'broken spring',40,'1844-02-27'),(6,20,'broken spring',9,'1854-03-11'),(7,20,'broken spring',37,'1845-03-20'),(8,27,'cracked dial',30,'1842-06-16'),(9,18,'bent hand',60,'1854-04-04'),(10,9,'cracked dial',7,'1855-11-23'),(11,3,'bent hand',2,'1857-02-16'),(12,20,'cracked dial',45,'1857-08-18'),(13,12,'cracked dial',46,'1854-08-19'),(14,12,'cracked dial',15,'1859-08-15'),(15,29,'cracked dial',20,'1850-12-27'),(16,3,'bent hand',28,'1842-03-13'),(17,27,'bent hand',3,'1853-06-24'),(18,42,'broken spring',16,'1857-08-21'),(19,29,'bent hand',49,'1857-04-17'),(20,43,'bent hand',37,'1848-11-09'),(21,24,'bent hand',49,'1854-03-04'),(22,31,'bent hand',2,'1845-11-18'),(23,3,'broken spring',57,'1842-04-12'),(24,16,'broken spring',50,'1846-12-12'),(25,30,'bent hand',51,'1843-11-12'),(26,6,'bent hand',6,'1841-06-14'),(27,24,'cracked dial',53,'1856-07-12'),(28,45,'broken spring',46,'1858-09-01'),(29,5,'broken spring',23,'1857-07-04'),(30,6,'cracked dial',10,'1849-06-11'),(31,3,'cracked dial',57,'1853-12-04'),(32,3,'bent hand',7,'1853-11-16'),(33,9,'bent hand',53,'1850-12-28'),(34,17,'cracked dial',14,'1856-02-08'),(35,34,'cracked dial',37,'1853-12-22'),(36,24,'broken spring',27,'1849-11-01'),(37,5,'bent hand',25,'1846-07-08'),(38,24,'broken spring',50,'1844-03-19'),(39,3,'bent hand',3,'1856-06-20'),(40,29,'worn pivot',42,'1855-02-25');
/*!40000 ALTER TABLE `repair` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `workshop`
--

DROP TABLE IF EXISTS `workshop`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `workshop` (
  `Workshop_ID` int NOT NULL AUTO_INCREMENT,
  `Workshop_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Quarter` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Opened` int NOT NULL,
  `Benches` int NOT NULL,
  PRIMARY KEY (`Workshop_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=11 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `workshop`
--

LOCK TABLES `workshop` WRITE;
/*!40000 ALTER TABLE `workshop` DISABLE KEYS */;
INSERT INTO `workshop` VALUES (1,'Crooked Pendulum','Harbour',1772,5),(2,'Silent Hour','Market',1720,4),(3,'Golden Hour','Bell',1773,16),(4,'Twelfth Mainspring','Market',1717,14),(5,'Crooked Pinion','Bell',1754,5),(6,'Twelfth Pendulum','Market',1786,13),(7,'Twelfth Pinion','Bell',1750,14),(8,'Silent Mainspring','Market',1786,16),(9,'Silent Pinion','Market',1778,13),(10,'Golden Chime','Bell',1783,10);
/*!40000 ALTER TABLE `workshop` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `choir_league` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `choir_league`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `choir`
--

DROP TABLE IF EXISTS `choir`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `choir` (
  `Choir_ID` int NOT NULL AUTO_INCREMENT,
  `Choir_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Voicing` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Founded` int NOT NULL,
  PRIMARY KEY (`Choir_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=15 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `choir`
--

LOCK TABLES `choir` WRITE;
/*!40000 ALTER TABLE `choir` DISABLE KEYS */;
INSERT INTO `choir` VALUES (1,'Old Chapel Chorus','low',1987),(2,'Upper Chapel Chorus','low',1929),(3,'New Quarry Voices','low',1899),(4,'New Chapel Chorus','low',1963),(5,'New Ferry Harmonists','mixed',1899),(6,'Upper Quarry Voices','treble',1932),(7,'Lower Valley Singers','low',1974),(8,'Old Mill Consort','low',1916),(9,'Upper Valley Singers','low',1946),(10,'Upper Mill Consort','low',1921),(11,'New Mill Consort','treble',1936),(12,'Lower Chapel Chorus','low',1899),(13,'Upper Ferry Harmonists','low',1892),(14,'Old Ferry Harmonists','low',1890);
/*!40000 ALTER TABLE `choir` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `contest`
--

DROP TABLE IF EXISTS `contest`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `contest` (
  `Contest_ID` int NOT NULL AUTO_INCREMENT,
  `Contest_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Town` text COLLATE utf8mb4_general_ci NOT NULL,
  `Held` int NOT NULL,
  `Prize` decimal(8,2) NOT NULL,
  PRIMARY KEY (`Contest_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=12 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `contest`
--

LOCK TABLES `contest` WRITE;
/*!40000 ALTER TABLE `contest` DISABLE KEYS */;
INSERT INTO `contest` VALUES (1,'Lantern Eisteddry','Lyddon',2012,750.00),(2,'Harvest Trophy','Lyddon',2020,800.00),(3,'Spring Trophy','Pellmouth',2019,150.00),(4,'Spring Gathering','Carrowby',2018,650.00),(5,'Spring Cup','Carrowby',2016,350.00),(6,'Lantern Trophy','Lyddon',2016,1050.00),(7,'Frost Eisteddry','Lyddon',2016,650.00),(8,'Lantern Cup','Lyddon',2013,1350.00),(9,'Frost Trophy','Carrowby',2014,1350.00),(10,'Spring Eisteddry','Stanniford',2019,900.00),(11,'Lantern Gathering','Pellmouth',2020,1200.00);
/*!40000 ALTER TABLE `contest` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `performance`
--

DROP TABLE IF EXISTS `performance`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `performance` (
  `Choir_ID` int NOT NULL,
  `Contest_ID` int NOT NULL,
  `Score` double NOT NULL,
  `Minutes` int DEFAULT NULL,
  PRIMARY KEY (`Choir_ID`,`Contest_ID`),
  KEY `performance_ibfk_2` (`Contest_ID`),
  CONSTRAINT `performance_ibfk_1` FOREIGN KEY (`Choir_ID`) REFERENCES `choir` (`Choir_ID`),
  CONSTRAINT `performance_ibfk_2` FOREIGN KEY (`Contest_ID`) REFERENCES `contest` (`Contest_ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `performance`
--

LOCK TABLES `performance` WRITE;
/*!40000 ALTER TABLE `performance` DISABLE KEYS */;
INSERT INTO `performance` VALUES (1,1,87,22),(1,3,89.5,17),(1,4,88,20),(1,5,87.5,14),(1,7,68,20),(1,11,90,9),(2,1,62.5,19),(2,5,87,17),(2,6,53,10),(2,7,62,20),(2,10,42,15),(2,11,96.5,6),(3,1,57,21),(3,5,54.5,11),(3,6,82,7),(3,7,43.5,12),(3,9,91,20),(3,10,57,7),(3,11,82.5,8),(4,4,84.5,5),(4,9,45.5,20),(5,2,43.5,5),(5,4,62,9),(5,6,65,8),(5,7,82.5,21),(5,9,78,4),(5,11,42.5,9),(8,1,51.5,21),(8,5,51,20),(8,6,73.5,19),(8,7,74.5,21),(8,9,65.5,21),(8,10,96,18),(8,11,85,18),(9,1,73.5,6),(9,7,74,16),(9,9,78,21),(9,11,72,16),(10,1,84,20),(10,2,48.5,19),(10,5,54,10),(10,6,72,7),(10,7,84,14),(10,9,83,20),(10,10,63.5,13),(10,11,44,NULL),(11,6,59.5,4),(11,9,58,10),(12,4,58.5,15),(12,6,72,7),(12,7,52.5,18),(13,1,42.5,10),(13,4,63.5,19),(13,5,58.5,20),(13,9,50.5,10),(14,1,55,20),(14,4,72,4),(14,6,66,19),(14,7,96.5,16),(14,11,46,14);
/*!40000 ALTER TABLE `performance` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `singer`
--

DROP TABLE IF EXISTS `singer`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `singer` (
  `Singer_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Choir_ID` int DEFAULT NULL,
  `Part` varchar(10) COLLATE utf8mb4_general_ci NOT NULL,
  `Born` int NOT NULL,
  `Joined` date DEFAULT NULL,
  PRIMARY KEY (`Singer_ID`),
  KEY `singer_ibfk_1` (`Choir_ID`),
  CONSTRAINT `singer_ibfk_1` FOREIGN KEY (`Choir_ID`) REFERENCES `choir` (`Choir_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=65 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `singer`
--

LOCK TABLES `singer` WRITE;
/*!40000 ALTER TABLE `singer` DISABLE KEYS */;
INSERT INTO `singer` VALUES (1,'Severin Thistlewood',8,'tenor',1988,'2015-10-21'),(2,'Nerys Yarrowdale',5,'tenor',1994,'2019-05-18'),(3,'Brenna Ellingby',8,'bass',1985,'2011-12-25'),(4,'Nerys Kettleby',11,'bass',1961,'2015-06-02'),(5,'Petra Pennyfold',6,'bass',1943,'2021-03-11'),(6,'Kasimir Quarrendon',2,'alto',1984,'2014-10-07'),(7,'Marek Abernock',1,'bass',1965,'2016-04-15'),(8,'Corin Castelow',5,'bass',1949,'2020-09-27'),(9,'Ysolde Quarrendon',11,'tenor',1982,'2013-07-07'),(10,'Ysolde Vexley',1,'bass',1981,'2007-04-13'),(11,'Ivo Sallowfield',7,'alto',1997,'2020-03-15'),(12,'Odo Oakhanger',8,'alto',1962,'2016-04-13'),(13,'Tamsin Ironmonger',10,'tenor',1942,'2013-11-08'),(14,'Wenna Ironmonger',7,'tenor',1956,'2016-03-12'),(15,'Tamsin Ironmonger',10,'bass',1939,'2001-10-14'),(16,'Fenna Sallowfield',NULL,'bass',1955,'2009-08-14'),(17,'Viggo Nightingale',10,'alto',1983,'2002-01-01'),(18,'Fenna Pennyfold',7,'bass',1975,'2002-04-25'),(19,'Kasimir Wintercott',10,'alto',1953,'2002-07-12'),(20,'Viggo Brackwater',6,'tenor',1966,'2021-12-25'),(21,'Tamsin Yarrowdale',9,'tenor',1951,NULL),(22,'Viggo Dunmarrow',3,'bass',1990,'2005-02-14'),(23,'Tamsin Nightingale',11,'bass',1986,'2004-09-26'),(24,'Ysolde Hollinrake',10,'bass',1941,'2020-12-23'),(25,'Runa Ravensworth',2,'tenor',1987,'2011-12-08'),(26,'Garrick Yarrowdale',11,'bass',1982,'2014-04-03'),(27,'Quill Sallowfield',9,'soprano',1946,'2021-02-03'),(28,'Garrick Jessop',10,'alto',1944,'2013-06-28'),(29,'Ivo Kettleby',NULL,'alto',1960,'2003-06-12'),(30,'Ysolde Ironmonger',7,'tenor',1997,'2015-07-19'),(31,'Quill Oakhanger',NULL,'soprano',1969,'2001-03-23'),(32,'Marek Nightingale',10,'bass',1964,'2001-03-22'),(33,'Nerys Thistlewood',8,'alto',1987,NULL),(34,'Runa Quarrendon',8,'tenor',1993,'2012-08-18'),(35,'Quill Ellingby',11,'bass',1981,'2017-09-22'),(36,'Quill Merriden',10,'tenor',1996,'2020-05-19'),(37,'Marek Underhay',12,'tenor',1994,'2020-08-04'),(38,'Fenna Castelow',8,'alto',1940,'2016-01-16'),(39,'Aldo Sallowfield',4,'tenor',1997,'2011-11-19'),(40,'Hedda Pennyfold',4,'alto',1962,'2004-02-05'),(41,'Ysolde Ravensworth',11,'alto',1965,NULL),(42,'Kasimir Underhay',2,'bass',1971,'2007-06-07'),(43,'Severin Ironmonger',11,'tenor',1998,'2013-09-01'),(44,'Fenna Wintercott',8,'tenor',1943,'2002-09-28'),(45,'Fenna Merriden',5,'tenor',1942,'2003-11-12'),(46,'Garrick Abernock',5,'bass',1974,'2012-03-17'),(47,'Ivo Grimsaddle',4,'bass',1957,'2001-01-15'),(48,'Odo Wintercott',4,'bass',2002,'2018-05-14'),(49,'Delphe Kettleby',10,'tenor',1968,NULL),(50,'Garrick Brackwater',6,'tenor',1960,'2006-10-26'),(51,'Aldo Oakhanger',4,'alto',1952,NULL),(52,'Fenna Pennyfold',6,'tenor',1947,'2001-09-23'),(53,'Eskil Oakhanger',5,'alto',1970,NULL),(54,'Odo Ellingby',12,'soprano',1979,'2006-10-04'),(55,'Ulla Ravensworth',9,'alto',1976,'2017-03-12'),(56,'Runa Abernock',5,'bass',1995,'2014-02-11'),(57,'Marek Brackwater',11,'bass',1962,'2007-11-14'),(58,'Quill Brackwater',10,'tenor',1996,NULL),(59,'Runa Oakhanger',4,'tenor',1974,'2014-07-01'),(60,'Liesel Hollinrake',9,'alto',1982,'2011-01-10'),(61,'Ysolde Castelow',NULL,'tenor',1962,'2011-10-08'),(62,'Ivo Fosterwick',12,'tenor',1941,'2004-04-11'),(63,'Aldo Yarrowdale',7,'alto',1966,'2014-07-15'),(64,'Tamsin Pennyfold',2,'bass',2001,'2017-07-23');
/*!40000 ALTER TABLE `singer` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `puppet_theatre` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `puppet_theatre`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `carver`
--

DROP TABLE IF EXISTS `carver`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `carver` (
  `Carver_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Town` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Born` int NOT NULL,
  PRIMARY KEY (`Carver_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=13 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `carver`
--

LOCK TABLES `carver` WRITE;
/*!40000 ALTER TABLE `carver` DISABLE KEYS */;
INSERT INTO `carver` VALUES (1,'Delphe Quarrendon','Gluepot Hill',1973),(2,'Ysolde Vexley','Tallowgate',1926),(3,'Ulla Lowmoor','Gluepot Hill',1934),(4,'Ivo Ironmonger','Tallowgate',1933),(5,'Odo Castelow','Splinterby',1950),(6,'Liesel Hollinrake','Gluepot Hill',1931),(7,'Ysolde Ravensworth','Gluepot Hill',1948),(8,'Aldo Underhay','Gluepot Hill',1950),(9,'Nerys Ravensworth','Tallowgate',1925),(10,'Eskil Merriden','Tallowgate',1958),(11,'Delphe Nightingale','Tallowgate',1943),(12,'Corin Hollinrake','Gluepot Hill',1940);
/*!40000 ALTER TABLE `carver` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `play`
--

DROP TABLE IF EXISTS `play`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `play` (
  `Play_ID` int NOT NULL AUTO_INCREMENT,
  `Title` text COLLATE utf8mb4_general_ci NOT NULL,
  `Genre` varchar(20) COLLATE utf8mb4_general_ci NOT NULL,
  `First_Shown` date NOT NULL,
  `Takings` decimal(8,2) DEFAULT NULL,
  PRIMARY KEY (`Play_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=15 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `play`
--

LOCK TABLES `play` WRITE;
/*!40000 ALTER TABLE `play` DISABLE KEYS */;
INSERT INTO `play` VALUES (1,'The Miser From Marrow Hill','fable','1996-10-03',NULL),(2,'The Miser In the Well','tragedy','2019-12-28',2501.50),(3,'The Goose In the Well','fable','1991-11-11',350.00),(4,'The Tinker In the Well','farce','2003-02-14',1332.50),(5,'The Goose Who Would Not Sleep','romance','2019-12-01',5055.50),(6,'The Candle Meets a Thief','farce','2004-11-28',4767.00),(7,'The Goose Meets a Thief','farce','2015-10-11',5094.50),(8,'The Candle From Marrow Hill','farce','2021-03-01',NULL),(9,'The Tinker Meets a Thief','fable','1995-02-17',2626.00),(10,'The Goose From Marrow Hill','romance','1999-01-26',1415.00),(11,'The Tinker From Marrow Hill','farce','2018-08-28',4185.00),(12,'The Moon In the Well','romance','1989-02-17',2374.50),(13,'The Candle In the Well','tragedy','2013-09-19',3052.50),(14,'The Candle Who Would Not Sleep','fable','2005-02-14',1808.00);
/*!40000 ALTER TABLE `play` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `puppet`
--

DROP TABLE IF EXISTS `puppet`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `puppet` (
  `Puppet_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Carver_ID` int DEFAULT NULL,
  `Kind` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Strings` int NOT NULL,
  `Height_cm` double NOT NULL,
  PRIMARY KEY (`Puppet_ID`),
  KEY `puppet_ibfk_1` (`Carver_ID`),
  CONSTRAINT `puppet_ibfk_1` FOREIGN KEY (`Carver_ID`) REFERENCES `carver` (`Carver_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=35 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `puppet`
--

LOCK TABLES `puppet` WRITE;
/*!40000 ALTER TABLE `puppet` DISABLE KEYS */;
INSERT INTO `puppet` VALUES (1,'Lady Grizzle',1,'glove',16,84.5),(2,'Baron Crumb',9,'glove',12,89),(3,'Little Fiddlestick',10,'shadow',5,85.5),(4,'Little Nettle',4,'glove',12,24),(5,'Old Pickerel',5,'glove',0,57.5),(6,'Little Grizzle',7,'shadow',3,78.5),(7,'Lady Moth',1,'marionette',15,92.5),(8,'Captain Tansy',NULL,'glove',4,46.5),(9,'Captain Pickerel',11,'marionette',3,73.5),(10,'Little Moth',NULL,'glove',8,53),(11,'Lady Nettle',8,'marionette',4,75),(12,'Doctor Grizzle',8,'glove',7,88),(13,'Old Tansy',12,'glove',2,36.5),(14,'Doctor Moth',1,'marionette',14,89.5),(15,'Doctor Tansy',5,'rod',10,44.5),(16,'Little Tansy',10,'glove',13,21.5),(17,'Lady Tansy',7,'marionette',7,87.5),(18,'Baron Moth',1,'glove',15,65.5),(19,'Doctor Pickerel',5,'marionette',0,65.5),(20,'Baron Nettle',4,'rod',12,67),(21,'Old Crumb',7,'marionette',13,49),(22,'Old Grizzle',1,'marionette',12,51.5),(23,'Baron Pickerel',8,'marionette',3,71),(24,'Doctor Nettle',8,'glove',3,52),(25,'Captain Grizzle',1,'marionette',16,94.5),(26,'Old Moth',7,'glove',0,77.5),(27,'Doctor Fiddlestick',7,'glove',8,59),(28,'Baron Grizzle',5,'marionette',6,80.5),(29,'Lady Fiddlestick',4,'marionette',12,55),(30,'Lady Pickerel',NULL,'rod',13,69.5),(31,'Old Fiddlestick',8,'glove',3,20),(32,'Baron Fiddlestick',6,'marionette',7,92),(33,'Little Crumb',1,'glove',12,57),(34,'Doctor Crumb',8,'glove',1,73);
/*!40000 ALTER TABLE `puppet` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `role`
--

DROP TABLE IF EXISTS `role`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `role` (
  `Puppet_ID` int NOT NULL,
  `Play_ID` int NOT NULL,
  `Spoken_Lines` int NOT NULL,
  `Temper` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Puppet_ID`,`Play_ID`),
  KEY `role_ibfk_2` (`Play_ID`),
  CONSTRAINT `role_ibfk_1` FOREIGN KEY (`Puppet_ID`) REFERENCES `puppet` (`Puppet_ID`),
  CONSTRAINT `role_ibfk_2` FOREIGN KEY (`Play_ID`) REFERENCES `play` (`Play_ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `role`
--

LOCK TABLES `role` WRITE;
/*!40000 ALTER TABLE `role` DISABLE KEYS */;
INSERT INTO `role` VALUES (2,13,68,'gentle'),(4,2,61,'sour'),(4,9,60,'sour'),(4,13,82,'gentle'),(4,14,113,'gentle'),(7,2,1,'sour'),(7,4,119,'merry'),(7,6,137,'sour'),(7,9,71,'sour'),(7,10,37,'gentle'),(7,13,104,'merry'),(8,7,115,'sour'),(8,13,0,'sour'),(8,14,43,'sour'),(9,1,21,'gentle'),(9,5,80,'sly'),(9,6,28,'sour'),(9,14,114,'gentle'),(11,3,138,'merry'),(11,7,137,'gentle'),(11,13,66,'sly'),(12,1,131,'merry'),(12,14,123,'merry'),(16,6,6,'sly'),(16,14,140,'merry'),(17,6,62,'sour'),(17,9,30,'merry'),(18,2,112,'merry'),(18,4,23,'sly'),(18,6,71,'merry'),(20,6,89,'merry'),(20,14,59,'merry'),(21,4,91,'sour'),(21,7,75,'gentle'),(22,14,42,'merry'),(24,7,3,'merry'),(25,14,112,'sour'),(27,2,75,'gentle'),(27,5,59,'gentle'),(27,9,64,'merry'),(27,11,89,'merry'),(27,14,134,'merry'),(28,4,50,'merry'),(28,5,84,'merry'),(28,10,94,'merry'),(28,13,78,'merry'),(28,14,10,'sour'),(29,2,60,'gentle'),(29,4,138,'merry'),(29,5,32,'gentle'),(31,4,20,'gentle'),(31,6,124,'sly'),(31,9,136,'merry'),(31,10,109,'sour'),(33,4,118,'merry'),(33,7,116,'merry'),(33,13,125,'gentle'),(34,6,47,'sour');
/*!40000 ALTER TABLE `role` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `orchard_cooperative` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `orchard_cooperative`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `harvest`
--

DROP TABLE IF EXISTS `harvest`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `harvest` (
  `Harvest_ID` int NOT NULL AUTO_INCREMENT,
  `Orchard_ID` int NOT NULL,
  `Season` int NOT NULL,
  `Tonnes` double NOT NULL,
  `Grade` varchar(10) COLLATE utf8mb4_general_ci DEFAULT NULL,
  PRIMARY KEY (`Harvest_ID`),
  KEY `harvest_ibfk_1` (`Orchard_ID`),
  CONSTRAINT `harvest_ibfk_1` FOREIGN KEY (`Orchard_ID`) REFERENCES `orchard` (`Orchard_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=73 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `harvest`
--

LOCK TABLES `harvest` WRITE;
/*!40000 ALTER TABLE `harvest` DISABLE KEYS */;
INSERT INTO `harvest` VALUES (1,16,2020,25.25,'table'),(2,17,2020,27.25,'table'),(3,17,2018,8,'table'),(4,20,2019,34,'juice'),(5,19,2016,32.75,'juice'),(6,20,2017,29.5,'juice'),(7,8,2017,6.5,'juice'),(8,7,2015,8.25,'juice'),(9,20,2017,21.75,'table'),(10,6,2017,22.25,'juice'),(11,17,2015,4.25,'table'),(12,6,2017,14.5,'table'),(13,20,2019,29.5,NULL),(14,26,2016,33.5,'juice'),(15,4,2016,31.75,NULL),(16,19,2017,7,'juice'),(17,28,2018,37.25,'juice'),(18,1,2021,24,'table'),(19,26,2019,34.5,'juice'),(20,19,2019,30.25,'table'),(21,6,2019,32.5,'juice'),(22,11,2021,3.25,'juice'),(23,29,2020,16,'table'),(24,11,2018,20.75,'juice'),(25,19,2018,35,'juice'),(26,7,2021,25.25,'table'),(27,17,2017,31,'juice'),(28,28,2021,34.75,'table'),(29,13,2015,23,'juice'),(30,8,2017,2.5,'juice'),(31,11,2018,26.75,'cider'),(32,21,2019,3.75,'table'),(33,16,2020,26.75,NULL),(34,6,2018,5.25,'juice'),(35,6,2019,17.25,'table'),(36,16,2020,27.5,'juice'),(37,17,2015,26.5,'table'),(38,6,2015,23,'juice'),(39,11,2015,6,'juice'),(40,16,2019,16,'table'),(41,13,2021,6.5,'juice'),(42,20,2018,9,'juice'),(43,26,2018,19.5,'juice'),(44,20,2021,25.5,'juice'),(45,16,2015,22.25,'table'),(46,12,2020,14.75,'table'),(47,26,2020,26.25,NULL),(48,15,2019,29.25,'juice'),(49,17,2020,23,'juice'),(50,19,2018,3.25,'juice'),(51,20,2018,28.5,'juice'),(52,23,2020,25,'juice'),(53,26,2019,10.25,'table'),(54,19,2016,13,'juice'),(55,20,2017,16.5,'cider'),(56,19,2021,9.75,'table'),(57,26,2018,23,'juice'),(58,4,2015,27.75,'table'),(59,13,2016,1.25,'table'),(60,10,2021,15.75,'cider'),(61,26,2017,35.75,'table'),(62,13,2015,33,'juice'),(63,8,2015,4.5,'table'),(64,19,2016,7.5,'juice'),(65,19,2020,31,'juice'),(66,17,2021,10.75,'juice'),(67,11,2018,3.25,'table'),(68,1,2017,16.75,'table'),(69,11,2016,16.25,'table'),(70,9,2021,23.75,'table'),(71,18,2016,16.5,'table'),(72,7,2015,24.25,'table');
/*!40000 ALTER TABLE `harvest` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `orchard`
--

DROP TABLE IF EXISTS `orchard`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `orchard` (
  `Orchard_ID` int NOT NULL AUTO_INCREMENT,
  `Orchard_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Parish_ID` int NOT NULL,
  `Main_Fruit` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Trees` int NOT NULL,
  `Planted` text COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Orchard_ID`),
  KEY `orchard_ibfk_1` (`Parish_ID`),
  CONSTRAINT `orchard_ibfk_1` FOREIGN KEY (`Parish_ID`) REFERENCES `parish` (`Parish_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=31 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `orchard`
--

LOCK TABLES `orchard` WRITE;
/*!40000 ALTER TABLE `orchard` DISABLE KEYS */;
INSERT INTO `orchard` VALUES (1,'Beggar\'s Hollow',3,'quinces',599,'1992'),(2,'Hare Slope',2,'quinces',342,'1916'),(3,'Magpie Acre',6,'quinces',280,'1989'),(4,'Long Slope',8,'quinces',432,'1952'),(5,'Windfall Acre',2,'apples',555,'1919'),(6,'Beggar\'s Close',6,'apples',451,'1947'),(7,'Magpie Close',4,'medlars',269,'1995'),(8,'Parson\'s Hollow',4,'quinces',393,'1956'),(9,'Long Acre',8,'quinces',156,'1977'),(10,'Hare Bottom',8,'medlars',631,'1998'),(11,'Magpie Hollow',3,'quinces',613,'1984'),(12,'Magpie Garth',8,'apples',129,'1944'),(13,'Beggar\'s Garth',3,'quinces',391,'1925'),(14,'Hare Hollow',3,'medlars',543,'1968'),(15,'Long Bottom',3,'apples',523,'1986'),(16,'Hare Acre',7,'medlars',311,'1913'),(17,'Parson\'s Garth',6,'quinces',46,'1991'),(18,'Parson\'s Acre',2,'apples',44,'1986'),(19,'Windfall Garth',8,'pears',292,'1910'),(20,'Parson\'s Slope',1,'pears',36,'1929'),(21,'Windfall Hollow',3,'medlars',593,'1947'),(22,'Magpie Slope',8,'quinces',223,'1928'),(23,'Hare Garth',4,'apples',380,'1986'),(24,'Beggar\'s Slope',3,'medlars',337,'1972'),(25,'Beggar\'s Acre',3,'quinces',541,'1902'),(26,'Parson\'s Bottom',1,'quinces',220,'1964'),(27,'Long Hollow',5,'apples',171,'1923'),(28,'Hare Close',3,'pears',172,'1927'),(29,'Beggar\'s Bottom',3,'quinces',138,'1920'),(30,'Windfall Bottom',3,'medlars',43,'1936');
/*!40000 ALTER TABLE `orchard` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `parish`
--

DROP TABLE IF EXISTS `parish`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `parish` (
  `Parish_ID` int NOT NULL AUTO_INCREMENT,
  `Parish_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Residents` int NOT NULL,
  `Soil` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Parish_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=10 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `parish`
--

LOCK TABLES `parish` WRITE;
/*!40000 ALTER TABLE `parish` DISABLE KEYS */;
INSERT INTO `parish` VALUES (1,'Pippin Thorpe',878,'chalk'),(2,'Rook Thorpe',2824,'loam'),(3,'Blossom Combe',2375,'loam'),(4,'Blossom Wold',3813,'clay'),(5,'Cider Thorpe',3053,'loam'),(6,'Pippin Combe',2325,'clay'),(7,'Blossom Minster',739,'loam'),(8,'Pippin Minster',965,'loam'),(9,'Cider Combe',550,'loam');
/*!40000 ALTER TABLE `parish` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `tide_mill_network` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `tide_mill_network`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `estuary`
--

DROP TABLE IF EXISTS `estuary`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `estuary` (
  `Estuary_ID` int NOT NULL AUTO_INCREMENT,
  `Estuary_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Tidal_Range_m` double NOT NULL,
  `Shore` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Estuary_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=10 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `estuary`
--

LOCK TABLES `estuary` WRITE;
/*!40000 ALTER TABLE `estuary` DISABLE KEYS */;
INSERT INTO `estuary` VALUES (1,'Silt Creek',7,'western'),(2,'Samphire Water',6.5,'western'),(3,'Oyster Creek',10,'western'),(4,'Curlew Haven',3.25,'western'),(5,'Silt Haven',4.25,'eastern'),(6,'Oyster Water',5.75,'western'),(7,'Samphire Creek',5,'western'),(8,'Samphire Haven',2.5,'western'),(9,'Silt Water',6.5,'eastern');
/*!40000 ALTER TABLE `estuary` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `mill`
--

DROP TABLE IF EXISTS `mill`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `mill` (
  `Mill_ID` int NOT NULL AUTO_INCREMENT,
  `Mill_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Estuary_ID` int NOT NULL,
  `Built` int DEFAULT NULL,
  `Wheels` int NOT NULL,
  `Output_kw` double NOT NULL,
  `Product` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Mill_ID`),
  KEY `mill_ibfk_1` (`Estuary_ID`),
  CONSTRAINT `mill_ibfk_1` FOREIGN KEY (`Estuary_ID`) REFERENCES `estuary` (`Estuary_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=29 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `mill`
--

LOCK TABLES `mill` WRITE;
/*!40000 ALTER TABLE `mill` DISABLE KEYS */;
INSERT INTO `mill` VALUES (1,'Spring Stone Mill',9,1564,1,64,'paper'),(2,'Ebb Pond Mill',7,NULL,5,8,'malt'),(3,'Neap Wheel Mill',3,1664,5,47,'malt'),(4,'Brine Wheel Mill',3,1679,4,64,'paper'),(5,'Spring Gate Mill',3,1719,4,48,'malt'),(6,'Ebb Gate Mill',9,1653,4,43.5,'flour'),(7,'Brine Stone Mill',1,1547,3,20.5,'paper'),(8,'Brine Gate Mill',3,1638,2,46,'malt'),(9,'Spring Sluice Mill',1,1684,2,57,'malt'),(10,'Neap Pond Mill',7,1579,2,72,'malt'),(11,'Ebb Sluice Mill',3,1567,5,11.5,'malt'),(12,'Brine Pond Mill',1,1610,2,46.5,'flour'),(13,'Slack Stone Mill',2,1590,4,12,'flour'),(14,'Neap Stone Mill',9,1558,1,37.5,'snuff'),(15,'Ebb Wheel Mill',1,1562,3,52.5,'flour'),(16,'Ebb Causey Mill',9,1671,4,21,'paper'),(17,'Slack Pond Mill',7,1726,1,14,'paper'),(18,'Brine Causey Mill',3,1743,2,54,'snuff'),(19,'Slack Wheel Mill',3,1618,2,41,'malt'),(20,'Neap Gate Mill',1,1675,1,37,'snuff'),(21,'Neap Sluice Mill',3,1808,5,62,'snuff'),(22,'Spring Causey Mill',1,1674,2,69.5,'flour'),(23,'Ebb Stone Mill',7,1707,4,12.5,'flour'),(24,'Brine Sluice Mill',9,1551,3,32,'flour'),(25,'Neap Causey Mill',2,NULL,1,54.5,'snuff'),(26,'Spring Pond Mill',7,1666,5,54,'paper'),(27,'Spring Wheel Mill',9,1577,3,36,'flour'),(28,'Slack Gate Mill',1,1673,1,15,'paper');
/*!40000 ALTER TABLE `mill` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `miller`
--

DROP TABLE IF EXISTS `miller`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `miller` (
  `Miller_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Mill_ID` int NOT NULL,
  `Wage` decimal(8,2) NOT NULL,
  `Hired_On` date NOT NULL,
  `Duty` varchar(20) COLLATE utf8mb4_general_ci DEFAULT NULL,
  PRIMARY KEY (`Miller_ID`),
  KEY `miller_ibfk_1` (`Mill_ID`),
  CONSTRAINT `miller_ibfk_1` FOREIGN KEY (`Mill_ID`) REFERENCES `mill` (`Mill_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=45 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `miller`
--

LOCK TABLES `miller` WRITE;
/*!40000 ALTER TABLE `miller` DISABLE KEYS */;
INSERT INTO `miller` VALUES (1,'Severin Vexley',13,397.50,'2019-05-15','stone'),(2,'Jorun Thistlewood',2,340.50,'2007-02-08','stone'),(3,'Corin Merriden',2,262.50,'2006-02-16',NULL),(4,'Brenna Castelow',15,314.50,'2003-04-26','stone'),(5,'Tamsin Kettleby',19,533.00,'2020-01-19','stone'),(6,'Hedda Ironmonger',19,293.50,'2009-09-19','sluice'),(7,'Garrick Quarrendon',3,327.00,'2004-01-16','stone'),(8,'Ysolde Quarrendon',19,427.00,'2012-07-15','stone'),(9,'Nerys Kettleby',19,235.50,'2012-05-28','stone'),(10,'Severin Vexley',15,388.50,'2002-01-07','stone'),(11,'Delphe Hollinrake',7,325.00,'2013-01-23',NULL),(12,'Ulla Yarrowdale',3,230.00,'1999-07-08','sack'),(13,'Viggo Pennyfold',10,427.00,'2004-10-14','sluice'),(14,'Tamsin Vexley',25,538.00,'2002-03-11','sluice'),(15,'Jorun Thistlewood',3,370.00,'2001-12-13','sack'),(16,'Petra Merriden',19,400.00,'2017-01-15','stone'),(17,'Liesel Sallowfield',6,418.50,'2006-04-16','sack'),(18,'Severin Ironmonger',15,513.50,'2010-09-25','stone'),(19,'Aldo Ironmonger',9,589.50,'2002-07-25','stone'),(20,'Hedda Hollinrake',12,405.00,'2019-11-24','sack'),(21,'Runa Sallowfield',17,291.50,'2000-01-18','stone'),(22,'Odo Ironmonger',20,360.50,'2004-12-03','sack'),(23,'Hedda Dunmarrow',6,309.00,'2007-02-24','sack'),(24,'Hedda Quarrendon',3,306.50,'1998-11-25','sack'),(25,'Petra Jessop',3,615.00,'2004-11-03','sack'),(26,'Liesel Jessop',2,512.50,'1998-03-17','boat'),(27,'Ulla Quarrendon',19,615.50,'2013-05-13','stone'),(28,'Liesel Nightingale',27,352.00,'2018-08-09','sluice'),(29,'Viggo Sallowfield',13,614.50,'2001-07-17','stone'),(30,'Jorun Castelow',16,437.50,'2018-12-07','sack'),(31,'Ysolde Ellingby',27,388.00,'2020-08-07','stone'),(32,'Delphe Abernock',5,426.00,'2019-01-17','stone'),(33,'Liesel Thistlewood',14,583.00,'2001-08-14','sluice'),(34,'Aldo Ellingby',19,234.50,'2018-07-06','sack'),(35,'Runa Jessop',2,433.00,'2016-09-24','stone'),(36,'Ysolde Thistlewood',12,433.50,'1999-03-21','sack'),(37,'Ulla Lowmoor',25,475.00,'2005-05-08','boat'),(38,'Garrick Ravensworth',17,571.00,'1999-08-09','sluice'),(39,'Eskil Oakhanger',13,538.50,'2001-07-24','sluice'),(40,'Ysolde Oakhanger',25,327.00,'2001-05-01','stone'),(41,'Runa Ellingby',25,500.50,'2009-07-15','stone'),(42,'Ulla Wintercott',13,591.50,'2017-09-19','sluice'),(43,'Severin Quarrendon',2,514.50,'2010-07-27',NULL),(44,'Odo Jessop',23,307.50,'2014-10-26',NULL);
/*!40000 ALTER TABLE `miller` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `kite_festival` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `kite_festival`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `club`
--

DROP TABLE IF EXISTS `club`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `club` (
  `Club_ID` int NOT NULL AUTO_INCREMENT,
  `Club_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Region` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Members` int NOT NULL,
  PRIMARY KEY (`Club_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=11 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `club`
--

LOCK TABLES `club` WRITE;
/*!40000 ALTER TABLE `club` DISABLE KEYS */;
INSERT INTO `club` VALUES (1,'Breeze Society','moor',75),(2,'Breeze Chasers','moor',48),(3,'Breeze Wardens','dune',150),(4,'Updraft Society','dune',107),(5,'Squall Wardens','moor',36),(6,'Squall Society','moor',19),(7,'Gale Chasers','dune',123),(8,'Updraft Circle','dune',125),(9,'Squall Chasers','dune',60),(10,'Gale Society','dune',37);
/*!40000 ALTER TABLE `club` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `flier`
--

DROP TABLE IF EXISTS `flier`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `flier` (
  `Flier_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Club_ID` int DEFAULT NULL,
  `Age` int NOT NULL,
  `Class` varchar(14) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Flier_ID`),
  KEY `flier_ibfk_1` (`Club_ID`),
  CONSTRAINT `flier_ibfk_1` FOREIGN KEY (`Club_ID`) REFERENCES `club` (`Club_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=37 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `flier`
--

LOCK TABLES `flier` WRITE;
/*!40000 ALTER TABLE `flier` DISABLE KEYS */;
INSERT INTO `flier` VALUES (1,'Runa Kettleby',9,22,'veteran'),(2,'Kasimir Underhay',9,61,'open'),(3,'Corin Fosterwick',NULL,61,'novice'),(4,'Ulla Quarrendon',3,39,'novice'),(5,'Runa Yarrowdale',3,51,'novice'),(6,'Severin Underhay',8,62,'veteran'),(7,'Kasimir Yarrowdale',5,55,'veteran'),(8,'Kasimir Jessop',4,49,'open'),(9,'Jorun Yarrowdale',7,40,'veteran'),(10,'Ivo Ravensworth',NULL,23,'novice'),(11,'Fenna Lowmoor',NULL,69,'veteran'),(12,'Quill Sallowfield',8,73,'veteran'),(13,'Nerys Jessop',3,57,'veteran'),(14,'Severin Yarrowdale',NULL,62,'veteran'),(15,'Hedda Wintercott',NULL,24,'veteran'),(16,'Hedda Grimsaddle',NULL,71,'open'),(17,'Ulla Hollinrake',9,18,'novice'),(18,'Ysolde Wintercott',7,30,'novice'),(19,'Petra Yarrowdale',6,46,'veteran'),(20,'Nerys Underhay',10,59,'veteran'),(21,'Tamsin Abernock',NULL,27,'novice'),(22,'Tamsin Kettleby',6,66,'novice'),(23,'Hedda Kettleby',7,32,'veteran'),(24,'Petra Ellingby',6,18,'veteran'),(25,'Marek Abernock',8,30,'veteran'),(26,'Ysolde Fosterwick',NULL,30,'novice'),(27,'Garrick Abernock',9,19,'veteran'),(28,'Marek Wintercott',8,11,'novice'),(29,'Kasimir Dunmarrow',4,12,'veteran'),(30,'Runa Wintercott',3,33,'veteran'),(31,'Nerys Hollinrake',6,40,'novice'),(32,'Petra Thistlewood',10,71,'veteran'),(33,'Ysolde Dunmarrow',1,11,'novice'),(34,'Tamsin Jessop',9,51,'novice'),(35,'Ivo Pennyfold',8,13,'veteran'),(36,'Corin Sallowfield',8,67,'veteran');
/*!40000 ALTER TABLE `flier` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `kite`
--

DROP TABLE IF EXISTS `kite`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `kite` (
  `Kite_ID` int NOT NULL AUTO_INCREMENT,
  `Kite_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Flier_ID` int NOT NULL,
  `Sail` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Span_m` double NOT NULL,
  `Best_Height_m` int DEFAULT NULL,
  `First_Flown` date NOT NULL,
  PRIMARY KEY (`Kite_ID`),
  KEY `kite_ibfk_1` (`Flier_ID`),
  CONSTRAINT `kite_ibfk_1` FOREIGN KEY (`Flier_ID`) REFERENCES `flier` (`Flier_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=49 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `kite`
--

LOCK TABLES `kite` WRITE;
/*!40000 ALTER TABLE `kite` DISABLE KEYS */;
INSERT INTO `kite` VALUES (1,'Scarlet Lantern',14,'silk',6.75,352,'2019-04-15'),(2,'Tattered Kestrel',11,'nylon',6.25,440,'2021-09-09'),(3,'Paper Serpent',27,'paper',8,308,'2016-08-28'),(4,'Hungry Comet',13,'paper',4.75,NULL,'2021-01-12'),(5,'Tattered Jester',7,'nylon',2.75,433,'2014-07-14'),(6,'Midnight Jester',19,'paper',1.25,116,'2022-07-26'),(7,'Hungry Serpent',3,'nylon',7,167,'2017-01-19'),(8,'Tattered Mantis',4,'silk',6,133,'2014-05-02'),(9,'Midnight Serpent',26,'silk',2,100,'2015-04-28'),(10,'Tattered Comet',11,'nylon',3.5,97,'2017-07-28'),(11,'Midnight Comet',11,'nylon',2.75,103,'2016-12-03'),(12,'Hungry Jester',33,'nylon',7,55,'2014-02-03'),(13,'Dizzy Mantis',33,'silk',6.5,119,'2022-03-05'),(14,'Hungry Swift',24,'silk',7.5,316,'2020-06-16'),(15,'Paper Jester',4,'paper',3.5,338,'2017-03-14'),(16,'Scarlet Kestrel',16,'silk',2.75,247,'2015-07-23'),(17,'Tattered Serpent',26,'paper',1.25,260,'2013-06-07'),(18,'Midnight Kestrel',4,'nylon',4,358,'2022-01-01'),(19,'Tattered Lantern',9,'paper',1.5,114,'2014-06-06'),(20,'Tattered Dragon',25,'nylon',3.5,312,'2021-10-28'),(21,'Midnight Lantern',22,'silk',6.75,459,'2010-02-18'),(22,'Paper Comet',13,'linen',8.75,330,'2015-11-15'),(23,'Scarlet Jester',36,'silk',1.25,NULL,'2013-09-26'),(24,'Hungry Kestrel',3,'silk',5.5,95,'2021-08-21'),(25,'Paper Kestrel',3,'silk',1,351,'2015-03-09'),(26,'Hungry Lantern',15,'silk',5.5,371,'2018-06-06'),(27,'Scarlet Dragon',14,'silk',7.5,305,'2021-11-17'),(28,'Dizzy Swift',3,'silk',1.75,106,'2019-02-17'),(29,'Midnight Dragon',26,'silk',8.25,129,'2017-10-04'),(30,'Tattered Ghost',36,'silk',2.5,414,'2015-09-22'),(31,'Scarlet Swift',16,'paper',3.5,137,'2016-12-25'),(32,'Dizzy Dragon',9,'silk',7,291,'2018-02-16'),(33,'Dizzy Jester',31,'paper',9,135,'2010-03-16'),(34,'Paper Mantis',11,'nylon',3.5,402,'2020-08-09'),(35,'Scarlet Mantis',5,'silk',6.5,357,'2018-12-16'),(36,'Paper Swift',24,'silk',6.25,126,'2022-07-23'),(37,'Dizzy Lantern',9,'paper',8.25,229,'2010-04-25'),(38,'Midnight Ghost',10,'linen',4.5,429,'2020-12-25'),(39,'Dizzy Comet',2,'silk',7,333,'2019-03-22'),(40,'Paper Dragon',10,'nylon',8.25,54,'2019-03-08'),(41,'Dizzy Serpent',8,'paper',7,160,'2015-04-09'),(42,'Hungry Dragon',34,'silk',4.5,NULL,'2015-08-15'),(43,'Midnight Swift',35,'paper',2.25,377,'2011-02-01'),(44,'Scarlet Serpent',36,'silk',1.25,456,'2022-02-11'),(45,'Tattered Swift',11,'silk',6,113,'2016-08-05'),(46,'Scarlet Ghost',9,'silk',1.25,261,'2015-10-12'),(47,'Scarlet Comet',17,'silk',6.25,68,'2017-05-05'),(48,'Hungry Ghost',7,'nylon',1.75,136,'2012-03-01');
/*!40000 ALTER TABLE `kite` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `ice_harvest` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `ice_harvest`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `cutting`
--

DROP TABLE IF EXISTS `cutting`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `cutting` (
  `Cutting_ID` int NOT NULL AUTO_INCREMENT,
  `Lake_ID` int NOT NULL,
  `Firm_ID` int NOT NULL,
  `Cut_On` date NOT NULL,
  `Blocks` int NOT NULL,
  `Thickness_cm` double DEFAULT NULL,
  `Clarity` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Cutting_ID`),
  KEY `cutting_ibfk_1` (`Lake_ID`),
  KEY `cutting_ibfk_2` (`Firm_ID`),
  CONSTRAINT `cutting_ibfk_1` FOREIGN KEY (`Lake_ID`) REFERENCES `lake` (`Lake_ID`),
  CONSTRAINT `cutting_ibfk_2` FOREIGN KEY (`Firm_ID`) REFERENCES `firm` (`Firm_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=67 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `cutting`
--

LOCK TABLES `cutting` WRITE;
/*!40000 ALTER TABLE `cutting` DISABLE KEYS */;
INSERT INTO `cutting` VALUES (1,3,7,'1908-12-24',410,33,'bubbled'),(2,1,4,'1906-03-04',513,56.5,'bubbled'),(3,8,5,'1907-10-26',818,53,'bubbled'),(4,10,5,'1891-11-03',332,58.5,'glassy'),(5,12,4,'1896-12-11',527,23.5,'milky'),(6,10,4,'1898-03-10',495,21,'bubbled'),(7,4,1,'1894-02-28',325,20,'bubbled'),(8,11,10,'1905-12-28',400,20,'milky'),(9,8,1,'1899-04-24',798,27.5,'milky'),(10,9,11,'1895-08-22',585,31,'bubbled'),(11,9,7,'1894-05-05',168,54.5,'milky'),(12,8,7,'1908-09-27',308,54,'milky'),(13,12,10,'1907-03-27',934,49,'milky'),(14,6,4,'1897-04-27',232,46.5,'milky'),(15,6,5,'1892-12-06',67,22.5,'glassy'),(16,8,7,'1909-09-03',348,24,'bubbled'),(17,10,4,'1898-03-11',90,24.5,'milky'),(18,4,4,'1906-02-07',533,24,'milky'),(19,16,7,'1895-02-27',465,26,'milky'),(20,9,3,'1904-08-27',509,34.5,'milky'),(21,9,5,'1898-09-17',203,60.5,'bubbled'),(22,12,1,'1895-12-26',651,26.5,'bubbled'),(23,10,8,'1906-11-25',252,47,'milky'),(24,1,6,'1894-08-01',624,47.5,'bubbled'),(25,16,8,'1894-02-16',150,46.5,'bubbled'),(26,9,7,'1894-01-17',935,36.5,'milky'),(27,8,4,'1902-11-09',542,27,'bubbled'),(28,16,11,'1898-07-02',483,39.5,'milky'),(29,12,6,'1896-06-27',556,37.5,'bubbled'),(30,9,5,'1900-07-03',512,40,'milky'),(31,4,6,'1902-05-06',93,NULL,'milky'),(32,8,6,'1904-04-19',133,61.5,'milky'),(33,3,10,'1898-01-10',60,44.5,'milky'),(34,9,5,'1896-12-22',319,41.5,'milky'),(35,11,5,'1899-02-14',615,48,'milky'),(36,11,1,'1909-02-09',428,26.5,'bubbled'),(37,8,6,'1900-01-06',103,45,'milky'),(38,3,10,'1905-11-28',415,NULL,'glassy'),(39,10,5,'1909-04-01',948,27.5,'bubbled'),(40,10,1,'1902-04-14',613,62,'milky'),(41,5,6,'1907-03-16',333,52,'bubbled'),(42,6,4,'1901-08-03',947,32.5,'milky'),(43,9,3,'1892-06-09',444,18.5,'bubbled'),(44,4,1,'1902-11-08',635,35.5,'bubbled'),(45,11,7,'1904-06-18',325,33,'milky'),(46,4,4,'1906-10-20',561,18.5,'milky'),(47,10,6,'1904-11-05',61,32,'milky'),(48,8,10,'1908-06-21',119,28,'glassy'),(49,4,4,'1893-02-18',809,52.5,'bubbled'),(50,6,4,'1897-08-13',417,39,'bubbled'),(51,2,7,'1897-11-13',802,31,'milky'),(52,10,7,'1891-04-04',716,49.5,'milky'),(53,16,1,'1892-09-14',632,39,'milky'),(54,8,4,'1909-02-14',939,60.5,'milky'),(55,3,6,'1891-01-03',754,NULL,'milky'),(56,6,7,'1903-07-26',223,35.5,'milky'),(57,2,4,'1892-08-23',683,39,'bubbled'),(58,4,3,'1892-04-14',225,35,'glassy'),(59,6,1,'1906-07-26',745,45.5,'milky'),(60,9,10,'1891-12-07',150,54.5,'bubbled'),(61,8,3,'1891-03-23',133,45,'milky'),(62,10,6,'1898-02-18',349,56.5,'glassy'),(63,6,5,'1906-01-02',197,48,'bubbled'),(64,10,4,'1905-10-01',432,27,'bubbled'),(65,6,7,'1894-11-19',259,45.5,'milky'),(66,3,4,'1902-11-11',678,52.5,'bubbled');
/*!40000 ALTER TABLE `cutting` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `firm`
--

DROP TABLE IF EXISTS `firm`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `firm` (
  `Firm_ID` int NOT NULL AUTO_INCREMENT,
  `Firm_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Founded` int NOT NULL,
  `Saws` int NOT NULL,
  PRIMARY KEY (`Firm_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=13 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `firm`
--

LOCK TABLES `firm` WRITE;
/*!40000 ALTER TABLE `firm` DISABLE KEYS */;
INSERT INTO `firm` VALUES (1,'Crystal Ice Works',1848,24),(2,'Polar Trading',1838,35),(3,'Bluewater Brothers',1854,6),(4,'Polar Brothers',1834,22),(5,'Berg Ice Works',1846,10),(6,'Frostmark Haulage',1878,65),(7,'Frostmark Brothers',1860,48),(8,'Bluewater Trading',1858,15),(9,'Polar Ice Works',1879,38),(10,'Bluewater Ice Works',1844,52),(11,'Crystal Brothers',1878,41),(12,'Polar Haulage',1874,14);
/*!40000 ALTER TABLE `firm` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `ice_house`
--

DROP TABLE IF EXISTS `ice_house`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `ice_house` (
  `House_ID` int NOT NULL AUTO_INCREMENT,
  `House_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Firm_ID` int DEFAULT NULL,
  `Capacity_t` int NOT NULL,
  `Insulation` varchar(16) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`House_ID`),
  KEY `ice_house_ibfk_1` (`Firm_ID`),
  CONSTRAINT `ice_house_ibfk_1` FOREIGN KEY (`Firm_ID`) REFERENCES `firm` (`Firm_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=19 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `ice_house`
--

LOCK TABLES `ice_house` WRITE;
/*!40000 ALTER TABLE `ice_house` DISABLE KEYS */;
INSERT INTO `ice_house` VALUES (1,'Rail Pit',1,92,'straw'),(2,'North Cellar',1,2365,'cork'),(3,'North Pit',2,658,'cork'),(4,'North Vault',NULL,2111,'cork'),(5,'North Barn',3,941,'cork'),(6,'Rail Vault',NULL,1661,'straw'),(7,'Quay Pit',2,596,'straw'),(8,'South Cellar',10,1077,'cork'),(9,'Rail Cellar',1,1523,'cork'),(10,'Hill Pit',NULL,1214,'cork'),(11,'Quay Vault',1,534,'cork'),(12,'Quay Barn',3,1051,'cork'),(13,'South Pit',4,1482,'cork'),(14,'South Vault',10,234,'cork'),(15,'Hill Vault',NULL,1575,'straw'),(16,'South Barn',NULL,735,'cork'),(17,'Rail Barn',11,481,'straw'),(18,'Hill Cellar',10,241,'cork');
/*!40000 ALTER TABLE `ice_house` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `lake`
--

DROP TABLE IF EXISTS `lake`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `lake` (
  `Lake_ID` int NOT NULL AUTO_INCREMENT,
  `Lake_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Area_ha` double NOT NULL,
  `Province` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Surveyed` int DEFAULT NULL,
  PRIMARY KEY (`Lake_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `lake`
--

LOCK TABLES `lake` WRITE;
/*!40000 ALTER TABLE `lake` DISABLE KEYS */;
INSERT INTO `lake` VALUES (1,'Tarn Norrsund',134.5,'Sudfjell',NULL),(2,'Lake Brimmel',272.5,'Osthavn',1886),(3,'Lake Kaldo',899,'Vesterdal',1891),(4,'Mere Ostrava',424.5,'Sudfjell',1895),(5,'Lake Pikku',694,'Vesterdal',NULL),(6,'Lake Norrsund',606,'Sudfjell',1889),(7,'Lake Vinter',670,'Vesterdal',NULL),(8,'Tarn Vinter',852.5,'Vesterdal',1886),(9,'Tarn Ostrava',851,'Vesterdal',1861),(10,'Lake Ostrava',569.5,'Sudfjell',NULL),(11,'Mere Brimmel',288,'Osthavn',1899),(12,'Tarn Kaldo',557,'Vesterdal',1876),(13,'Lake Hjelm',860,'Vesterdal',1876),(14,'Tarn Hjelm',178,'Sudfjell',1879),(15,'Mere Kaldo',876,'Nordmark',1861),(16,'Mere Hjelm',436,'Sudfjell',1885);
/*!40000 ALTER TABLE `lake` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `map_archive` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `map_archive`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `cartographer`
--

DROP TABLE IF EXISTS `cartographer`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `cartographer` (
  `Cartographer_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Expedition_ID` int DEFAULT NULL,
  `Born` int NOT NULL,
  `School` text COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Cartographer_ID`),
  KEY `cartographer_ibfk_1` (`Expedition_ID`),
  CONSTRAINT `cartographer_ibfk_1` FOREIGN KEY (`Expedition_ID`) REFERENCES `expedition` (`Expedition_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=23 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `cartographer`
--

LOCK TABLES `cartographer` WRITE;
/*!40000 ALTER TABLE `cartographer` DISABLE KEYS */;
INSERT INTO `cartographer` VALUES (1,'Brenna Oakhanger',12,1785,'Maritime'),(2,'Ulla Fosterwick',9,1787,'Maritime'),(3,'Corin Ellingby',15,1787,'Ferrand'),(4,'Tamsin Lowmoor',13,1806,'Maritime'),(5,'Severin Ironmonger',15,1789,'Ferrand'),(6,'Severin Merriden',NULL,1801,'Ostley'),(7,'Corin Brackwater',1,1804,'Ostley'),(8,'Ivo Jessop',14,1795,'Ostley'),(9,'Tamsin Nightingale',NULL,1800,'Ostley'),(10,'Brenna Abernock',12,1789,'Maritime'),(11,'Ivo Kettleby',NULL,1800,'Ferrand'),(12,'Runa Oakhanger',15,1782,'Maritime'),(13,'Nerys Grimsaddle',12,1799,'Ostley'),(14,'Ysolde Thistlewood',NULL,1811,'Ostley'),(15,'Eskil Grimsaddle',12,1789,'Maritime'),(16,'Odo Sallowfield',NULL,1804,'Ostley'),(17,'Ysolde Ironmonger',15,1805,'Ostley'),(18,'Ivo Ironmonger',12,1785,'Maritime'),(19,'Tamsin Brackwater',12,1803,'Ostley'),(20,'Runa Hollinrake',4,1785,'Maritime'),(21,'Runa Dunmarrow',11,1799,'Ostley'),(22,'Brenna Ironmonger',2,1782,'Maritime');
/*!40000 ALTER TABLE `cartographer` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `expedition`
--

DROP TABLE IF EXISTS `expedition`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `expedition` (
  `Expedition_ID` int NOT NULL AUTO_INCREMENT,
  `Expedition_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Set_Out` date NOT NULL,
  `Crew` int NOT NULL,
  `Outcome` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Expedition_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=16 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `expedition`
--

LOCK TABLES `expedition` WRITE;
/*!40000 ALTER TABLE `expedition` DISABLE KEYS */;
INSERT INTO `expedition` VALUES (1,'Third Mirror Coast Survey','1840-10-19',23,'completed'),(2,'Second Ashland Crossing','1846-10-02',82,'completed'),(3,'First Mirror Coast Survey','1848-07-08',34,'missing'),(4,'Third Glass Desert March','1845-09-17',13,'turned back'),(5,'First Thornwood Trek','1834-11-01',12,'completed'),(6,'Royal Glass Desert March','1852-02-12',66,'completed'),(7,'Lost Mirror Coast Survey','1839-06-02',76,'missing'),(8,'Second Mirror Coast Survey','1840-07-27',18,'completed'),(9,'Lost Thornwood Trek','1854-03-15',29,'turned back'),(10,'Royal Thornwood Trek','1858-08-20',18,'missing'),(11,'First Ashland Crossing','1832-05-06',90,'completed'),(12,'Royal Ashland Crossing','1850-05-20',90,'completed'),(13,'Third Ashland Crossing','1834-05-12',87,'completed'),(14,'Second Glass Desert March','1834-03-04',28,'missing'),(15,'First Glass Desert March','1857-05-10',71,'completed');
/*!40000 ALTER TABLE `expedition` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `map_sheet`
--

DROP TABLE IF EXISTS `map_sheet`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `map_sheet` (
  `Sheet_ID` int NOT NULL AUTO_INCREMENT,
  `Title` text COLLATE utf8mb4_general_ci NOT NULL,
  `Cartographer_ID` int NOT NULL,
  `Drawn` int DEFAULT NULL,
  `Scale_Km` int NOT NULL,
  `Medium` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Value_Crowns` decimal(8,2) NOT NULL,
  PRIMARY KEY (`Sheet_ID`),
  KEY `map_sheet_ibfk_1` (`Cartographer_ID`),
  CONSTRAINT `map_sheet_ibfk_1` FOREIGN KEY (`Cartographer_ID`) REFERENCES `cartographer` (`Cartographer_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=553 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `map_sheet`
--

LOCK TABLES `map_sheet` WRITE;
/*!40000 ALTER TABLE `map_sheet` DISABLE KEYS */;
INSERT INTO `map_sheet` VALUES (501,'Chart of Bell Island',2,1809,3,'copperplate',231.00),(502,'Chart of The Ashlands',11,1860,23,'copperplate',646.50),(503,'Sketch of Mount Ember',14,1858,37,'copperplate',328.00),(504,'Plan of Port Lament',12,1839,7,'watercolour',789.00),(505,'View of Mount Ember',11,1830,17,'copperplate',829.50),(506,'Plan of The Drowned Road',2,1829,35,'watercolour',822.00),(507,'View of Lake Sorrel',2,1823,25,'charcoal',12.50),(508,'Plan of The Salt Stairs',17,NULL,22,'charcoal',528.50),(509,'Chart of Fennel Bay',10,1834,30,'copperplate',401.50),(510,'Chart of Port Lament',5,NULL,9,'charcoal',273.00),(511,'Chart of The Salt Stairs',19,1844,40,'copperplate',829.00),(512,'View of Thornwood',20,1813,33,'charcoal',293.00),(513,'Plan of Mount Ember',14,1844,14,'charcoal',773.00),(514,'Chart of Mount Ember',14,NULL,8,'watercolour',595.50),(515,'View of The Ashlands',22,1813,12,'charcoal',353.50),(516,'Plan of The Reed Delta',11,1848,36,'charcoal',463.00),(517,'Plan of The Copper Falls',2,1842,6,'copperplate',27.50),(518,'Sketch of The Copper Falls',7,1847,6,'copperplate',162.00),(519,'View of The Copper Falls',20,1812,1,'copperplate',868.50),(520,'Plan of The Mirror Coast',6,NULL,16,'charcoal',872.00),(521,'Sketch of Witness Hill',2,1835,26,'watercolour',726.50),(522,'View of Port Lament',21,1856,1,'charcoal',378.00),(523,'Chart of The Mirror Coast',12,1811,38,'copperplate',703.50),(524,'Sketch of The Glass Desert',7,1863,23,'copperplate',452.00),(525,'View of Bell Island',20,1813,27,'copperplate',839.00),(526,'View of The Glass Desert',17,1849,23,'charcoal',545.00),(527,'Chart of The Copper Falls',22,1806,35,'ink',810.50),(528,'Plan of The Glass Desert',6,1852,10,'watercolour',498.00),(529,'View of Witness Hill',14,1841,19,'copperplate',834.50),(530,'Sketch of The Salt Stairs',14,1843,17,'copperplate',377.50),(531,'Chart of The Glass Desert',1,1807,7,'charcoal',373.50),(532,'Sketch of Thornwood',10,1827,29,'charcoal',543.50),(533,'Chart of The Drowned Road',8,1834,31,'charcoal',348.00),(534,'Sketch of The Ashlands',19,1864,9,'charcoal',585.50),(535,'Chart of Witness Hill',6,1839,38,'copperplate',319.00),(536,'Plan of Witness Hill',17,NULL,21,'copperplate',369.00),(537,'Sketch of The Mirror Coast',18,1843,19,'copperplate',460.50),(538,'Chart of Thornwood',7,1862,18,'charcoal',235.50),(539,'Chart of Cape Forlorn',7,1854,4,'copperplate',58.00),(540,'Sketch of Cape Forlorn',17,1839,18,'charcoal',706.50),(541,'Plan of Lake Sorrel',11,1850,33,'watercolour',700.00),(542,'Sketch of Port Lament',11,1849,34,'ink',114.50),(543,'View of The Reed Delta',7,1843,33,'charcoal',65.50),(544,'Plan of Bell Island',14,1836,25,'ink',350.00),(545,'Sketch of Lake Sorrel',8,1852,13,'ink',689.50),(546,'View of Fennel Bay',12,1810,17,'copperplate',541.50),(547,'Chart of The Owl Passes',18,1832,34,'charcoal',848.00),(548,'Sketch of The Owl Passes',22,1833,11,'watercolour',706.50),(549,'View of Cape Forlorn',11,1830,1,'watercolour',655.00),(550,'View of The Mirror Coast',7,1824,26,'copperplate',62.00),(551,'Sketch of The Drowned Road',2,1833,14,'copperplate',684.50),(552,'Plan of The Ashlands',19,1861,28,'charcoal',85.50);
/*!40000 ALTER TABLE `map_sheet` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `glass_bead_works` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `glass_bead_works`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `bead`
--

DROP TABLE IF EXISTS `bead`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `bead` (
  `Bead_ID` int NOT NULL AUTO_INCREMENT,
  `Design_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Furnace_ID` int NOT NULL,
  `Colour` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Diameter_mm` double NOT NULL,
  `Unit_Price` decimal(8,2) NOT NULL,
  PRIMARY KEY (`Bead_ID`),
  KEY `bead_ibfk_1` (`Furnace_ID`),
  CONSTRAINT `bead_ibfk_1` FOREIGN KEY (`Furnace_ID`) REFERENCES `furnace` (`Furnace_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=41 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `bead`
--

LOCK TABLES `bead` WRITE;
/*!40000 ALTER TABLE `bead` DISABLE KEYS */;
INSERT INTO `bead` VALUES (1,'Saffron Star',5,'opal',11,14.75),(2,'Marble Drop',3,'emerald',3.5,17.00),(3,'Saffron Drop',8,'ruby',12.5,10.75),(4,'Marble Rosette',8,'emerald',12.5,6.50),(5,'Harlequin Rosette',3,'amber',11,10.00),(6,'Raven Eye',1,'emerald',18,17.50),(7,'Tidal Star',8,'emerald',16,9.00),(8,'Tidal Barrel',8,'ruby',20,5.00),(9,'Harlequin Melon',8,'ruby',6,3.75),(10,'Raven Barrel',4,'ruby',22,2.75),(11,'Marble Eye',5,'emerald',8,5.50),(12,'Tidal Rosette',3,'ruby',4,5.75),(13,'Saffron Spiral',8,'amber',15,15.75),(14,'Saffron Melon',4,'emerald',23,11.50),(15,'Saffron Barrel',4,'emerald',19,1.75),(16,'Dewdrop Spiral',4,'opal',16.5,4.25),(17,'Harlequin Drop',3,'ruby',23.5,11.25),(18,'Dewdrop Melon',1,'ruby',9.5,3.25),(19,'Tidal Eye',3,'emerald',19,3.00),(20,'Tidal Melon',6,'emerald',12,2.25),(21,'Raven Melon',8,'emerald',16,18.50),(22,'Marble Spiral',3,'emerald',22.5,8.00),(23,'Raven Rosette',3,'emerald',4.5,6.25),(24,'Dewdrop Drop',8,'emerald',7.5,11.00),(25,'Saffron Rosette',4,'emerald',4.5,18.25),(26,'Dewdrop Star',6,'ruby',16.5,6.75),(27,'Raven Drop',4,'ruby',7,13.75),(28,'Marble Star',6,'emerald',19,17.25),(29,'Dewdrop Rosette',8,'emerald',6,8.50),(30,'Tidal Drop',8,'emerald',5,5.00),(31,'Dewdrop Barrel',5,'ruby',6.5,12.25),(32,'Harlequin Eye',3,'opal',20.5,9.25),(33,'Dewdrop Eye',8,'opal',12.5,17.25),(34,'Marble Melon',8,'emerald',5.5,15.25),(35,'Raven Star',3,'emerald',10.5,5.50),(36,'Harlequin Spiral',3,'cobalt',4,10.25),(37,'Harlequin Barrel',3,'cobalt',8,14.75),(38,'Raven Spiral',3,'emerald',18.5,16.75),(39,'Tidal Spiral',1,'amber',8.5,6.50),(40,'Saffron Eye',5,'amber',19,16.00);
/*!40000 ALTER TABLE `bead` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `bead_order`
--

DROP TABLE IF EXISTS `bead_order`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `bead_order` (
  `Order_ID` int NOT NULL AUTO_INCREMENT,
  `Buyer_ID` int NOT NULL,
  `Bead_ID` int NOT NULL,
  `Quantity` int NOT NULL,
  `Placed_On` date NOT NULL,
  `State` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Order_ID`),
  KEY `bead_order_ibfk_1` (`Buyer_ID`),
  KEY `bead_order_ibfk_2` (`Bead_ID`),
  CONSTRAINT `bead_order_ibfk_1` FOREIGN KEY (`Buyer_ID`) REFERENCES `buyer` (`Buyer_ID`),
  CONSTRAINT `bead_order_ibfk_2` FOREIGN KEY (`Bead_ID`) REFERENCES `bead` (`Bead_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=3075 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `bead_order`
--

LOCK TABLES `bead_order` WRITE;
/*!40000 ALTER TABLE `bead_order` DISABLE KEYS */;
INSERT INTO `bead_order` VALUES (3001,1,26,190,'2018-09-08','waiting'),(3002,15,24,840,'2017-05-28','waiting'),(3003,16,10,120,'2015-07-20','shipped'),(3004,15,32,630,'2018-01-14','shipped'),(3005,11,4,370,'2017-03-20','shipped'),(3006,2,9,590,'2014-05-26','waiting'),(3007,2,27,130,'2016-10-11','waiting'),(3008,8,23,840,'2014-06-26','waiting'),(3009,1,30,410,'2018-03-07','shipped'),(3010,2,9,210,'2017-05-21','waiting'),(3011,7,9,590,'2018-07-03','waiting'),(3012,11,6,270,'2022-02-27','shipped'),(3013,4,28,670,'2019-10-01','shipped'),(3014,2,9,670,'2013-06-24','shipped'),(3015,16,32,890,'2020-03-01','waiting'),(3016,1,21,570,'2022-06-06','cancelled'),(3017,10,28,230,'2020-12-10','waiting'),(3018,16,9,130,'2014-04-20','waiting'),(3019,2,21,890,'2019-08-24','shipped'),(3020,11,32,550,'2021-12-03','waiting'),(3021,5,35,590,'2018-03-20','waiting'),(3022,9,39,110,'2013-03-04','waiting'),(3023,3,2,90,'2017-12-14','shipped'),(3024,2,4,790,'2013-10-12','shipped'),(3025,5,18,480,'2019-05-03','waiting'),(3026,1,2,680,'2016-09-17','shipped'),(3027,10,18,710,'2019-09-12','waiting'),(3028,10,32,840,'2020-11-27','shipped'),(3029,1,23,90,'2016-12-12','waiting'),(3030,4,22,40,'2022-02-02','waiting'),(3031,2,28,360,'2015-01-17','waiting'),(3032,2,2,360,'2017-12-08','cancelled'),(3033,11,9,730,'2019-09-21','waiting'),(3034,2,26,250,'2015-06-18','shipped'),(3035,4,24,660,'2017-10-17','cancelled'),(3036,1,4,130,'2018-11-06','waiting'),(3037,10,21,310,'2021-05-23','waiting'),(3038,12,2,620,'2018-10-05','waiting'),(3039,9,17,810,'2022-09-20','cancelled'),(3040,7,23,80,'2020-03-06','cancelled'),(3041,2,8,630,'2020-10-18','waiting'),(3042,2,10,130,'2014-11-13','shipped'),(3043,10,2,400,'2021-11-16','waiting'),(3044,16,23,870,'2015-04-15','shipped'),(3045,1,4,270,'2013-08-25','waiting'),(3046,7,2,710,'2019-06-05','shipped'),(3047,2,13,70,'2020-11-04','shipped'),(3048,2,10,20,'2015-01-25','shipped'),(3049,2,34,580,'2017-09-19','waiting'),(3050,1,38,400,'2014-08-18','waiting'),(3051,4,21,490,'2022-03-11','cancelled'),(3052,9,33,230,'2017-06-11','cancelled'),(3053,11,13,850,'2016-04-01','shipped'),(3054,2,26,530,'2019-11-01','shipped'),(3055,4,33,420,'2013-11-17','shipped'),(3056,1,10,70,'2021-10-22','shipped'),(3057,4,6,650,'2016-03-08','shipped'),(3058,2,7,100,'2017-05-09','waiting'),(3059,9,7,740,'2014-06-06','waiting'),(3060,16,9,800,'2014-07-13','shipped'),(3061,4,24,540,'2021-11-27','shipped'),(3062,10,38,150,'2022-08-12','waiting'),(3063,1,18,460,'2019-11-15','waiting'),(3064,9,24,500,'2017-11-22','shipped'),(3065,12,12,400,'2019-01-08','shipped'),(3066,9,26,590,'2017-01-11','shipped'),(3067,12,28,130,'2019-05-24','shipped'),(3068,9,7,460,'2015-05-16','waiting'),(3069,16,3,890,'2018-12-02','waiting'),(3070,9,21,790,'2014-04-20','waiting'),(3071,4,21,790,'2013-07-09','waiting'),(3072,6,18,40,'2015-12-17','waiting'),(3073,4,3,590,'2022-03-05','cancelled'),(3074,1,25,150,'2016-12-08','shipped');
/*!40000 ALTER TABLE `bead_order` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `buyer`
--

DROP TABLE IF EXISTS `buyer`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `buyer` (
  `Buyer_ID` int NOT NULL AUTO_INCREMENT,
  `Buyer_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `City` varchar(20) COLLATE utf8mb4_general_ci NOT NULL,
  `Customer_Since` date DEFAULT NULL,
  PRIMARY KEY (`Buyer_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `buyer`
--

LOCK TABLES `buyer` WRITE;
/*!40000 ALTER TABLE `buyer` DISABLE KEYS */;
INSERT INTO `buyer` VALUES (1,'Magpie Emporium','Port Oriel','2003-10-21'),(2,'Magpie & Co','Quillon','1991-12-06'),(3,'Magpie Milliners','Lorrimar','2003-12-17'),(4,'Needle Outfitters','Lorrimar','1993-10-15'),(5,'Thimble & Co','Quillon','1990-07-18'),(6,'Magpie Outfitters','Lorrimar','1993-02-06'),(7,'Tinsel Emporium','Quillon','1992-06-16'),(8,'Needle & Co','Lorrimar',NULL),(9,'Velvet Emporium','Port Oriel','1994-07-20'),(10,'Thimble Milliners','Lorrimar','2001-09-01'),(11,'Tinsel Outfitters','Port Oriel','2012-10-10'),(12,'Tinsel & Co','Lorrimar','2001-08-01'),(13,'Velvet & Co','Quillon','2003-02-10'),(14,'Thimble Outfitters','Lorrimar','1995-10-17'),(15,'Needle Milliners','Lorrimar','1995-06-28'),(16,'Needle Emporium','Lorrimar','2012-10-21');
/*!40000 ALTER TABLE `buyer` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `furnace`
--

DROP TABLE IF EXISTS `furnace`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `furnace` (
  `Furnace_ID` int NOT NULL AUTO_INCREMENT,
  `Nickname` text COLLATE utf8mb4_general_ci NOT NULL,
  `Max_Temp_C` int NOT NULL,
  `Lit` int NOT NULL,
  PRIMARY KEY (`Furnace_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=9 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `furnace`
--

LOCK TABLES `furnace` WRITE;
/*!40000 ALTER TABLE `furnace` DISABLE KEYS */;
INSERT INTO `furnace` VALUES (1,'Big Salamander',980,1987),(2,'Big Cinder',960,1969),(3,'Old Bellows',910,1967),(4,'Big Bellows',1060,1996),(5,'Mad Salamander',1160,2000),(6,'Old Salamander',1440,1970),(7,'Mad Bellows',1210,1993),(8,'Mad Cinder',1350,1992);
/*!40000 ALTER TABLE `furnace` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `night_post` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `night_post`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `courier`
--

DROP TABLE IF EXISTS `courier`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `courier` (
  `Courier_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `House_ID` int NOT NULL,
  `Mount` varchar(12) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `Sworn_In` date NOT NULL,
  `Pay` decimal(8,2) NOT NULL,
  PRIMARY KEY (`Courier_ID`),
  KEY `courier_ibfk_1` (`House_ID`),
  CONSTRAINT `courier_ibfk_1` FOREIGN KEY (`House_ID`) REFERENCES `post_house` (`House_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=35 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `courier`
--

LOCK TABLES `courier` WRITE;
/*!40000 ALTER TABLE `courier` DISABLE KEYS */;
INSERT INTO `courier` VALUES (1,'Jorun Brackwater',2,'stag','1720-04-10',10.00),(2,'Jorun Ironmonger',13,'stag','1732-11-28',9.00),(3,'Ulla Dunmarrow',6,NULL,'1703-08-14',11.00),(4,'Severin Hollinrake',7,'pony','1723-11-07',25.00),(5,'Liesel Underhay',13,'stag','1730-06-22',8.50),(6,'Ivo Grimsaddle',2,'goat','1703-11-20',20.00),(7,'Wenna Lowmoor',13,'goat','1723-01-25',39.00),(8,'Ulla Quarrendon',2,'goat','1713-05-12',17.00),(9,'Viggo Jessop',7,'pony','1725-06-28',35.50),(10,'Fenna Nightingale',6,'stag','1723-05-18',34.50),(11,'Aldo Sallowfield',3,'pony','1734-11-08',20.00),(12,'Fenna Hollinrake',13,'stag','1705-12-21',40.50),(13,'Severin Thistlewood',7,'goat','1721-03-13',16.50),(14,'Odo Quarrendon',13,'pony','1724-07-20',23.00),(15,'Ivo Grimsaddle',6,'stag','1704-10-25',36.50),(16,'Fenna Lowmoor',13,'pony','1704-06-06',37.50),(17,'Odo Underhay',8,'stag','1728-03-10',15.50),(18,'Viggo Underhay',10,'stag','1710-10-11',18.00),(19,'Kasimir Ironmonger',8,'stag','1713-05-09',33.50),(20,'Quill Ironmonger',10,'goat','1726-07-19',41.50),(21,'Delphe Quarrendon',12,'goat','1723-08-14',36.50),(22,'Aldo Sallowfield',2,'goat','1710-02-22',30.50),(23,'Severin Abernock',8,'goat','1705-12-04',34.50),(24,'Wenna Thistlewood',13,'mule','1735-06-16',29.50),(25,'Ysolde Thistlewood',13,'stag','1735-09-05',13.00),(26,'Quill Hollinrake',6,'stag','1719-10-03',8.00),(27,'Tamsin Lowmoor',5,'stag','1719-03-23',38.50),(28,'Wenna Quarrendon',13,'goat','1707-11-07',12.00),(29,'Aldo Wintercott',10,'goat','1727-11-24',40.00),(30,'Ivo Ellingby',2,'goat','1723-06-28',20.00),(31,'Tamsin Abernock',10,'mule','1710-02-02',15.50),(32,'Brenna Quarrendon',13,'stag','1711-11-02',35.50),(33,'Garrick Merriden',13,'stag','1711-06-11',26.50),(34,'Liesel Abernock',6,'stag','1731-02-18',30.50);
/*!40000 ALTER TABLE `courier` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `letter`
--

DROP TABLE IF EXISTS `letter`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `letter` (
  `Letter_ID` int NOT NULL AUTO_INCREMENT,
  `Courier_ID` int NOT NULL,
  `Sealed` date NOT NULL,
  `Wax` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Grams` int NOT NULL,
  `Nights` int DEFAULT NULL,
  PRIMARY KEY (`Letter_ID`),
  KEY `letter_ibfk_1` (`Courier_ID`),
  CONSTRAINT `letter_ibfk_1` FOREIGN KEY (`Courier_ID`) REFERENCES `courier` (`Courier_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=81 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `letter`
--

LOCK TABLES `letter` WRITE;
/*!40000 ALTER TABLE `letter` DISABLE KEYS */;
INSERT INTO `letter` VALUES (1,4,'1739-10-10','black',221,3),(2,1,'1736-07-04','red',116,2),(3,33,'1740-06-18','gold',103,12),(4,21,'1741-09-01','black',11,2),(5,10,'1739-09-17','black',78,6),(6,15,'1737-02-14','black',70,5),(7,12,'1738-04-01','green',11,3),(8,21,'1738-12-27','black',42,5),(9,21,'1738-02-16','green',34,8),(10,21,'1740-07-14','black',89,12),(11,9,'1737-03-21','red',229,9),(12,10,'1740-01-20','red',26,8),(13,18,'1738-07-21','green',156,1),(14,13,'1740-09-10','black',44,11),(15,5,'1737-05-10','gold',171,4),(16,33,'1741-07-07','red',177,12),(17,17,'1741-12-17','black',233,5),(18,10,'1741-06-21','red',125,12),(19,21,'1739-08-07','red',156,12),(20,10,'1740-01-13','black',122,9),(21,22,'1739-11-28','black',229,6),(22,9,'1741-05-19','red',208,4),(23,1,'1740-06-16','black',125,7),(24,7,'1738-03-25','gold',63,4),(25,8,'1738-08-23','black',32,NULL),(26,4,'1736-04-11','gold',57,8),(27,33,'1737-06-21','black',187,11),(28,29,'1739-09-06','black',110,12),(29,33,'1737-07-25','black',171,4),(30,26,'1737-07-07','black',240,4),(31,31,'1738-06-06','gold',156,4),(32,10,'1740-04-02','black',188,8),(33,31,'1741-06-20','black',13,9),(34,22,'1740-10-11','red',17,12),(35,5,'1739-12-05','red',101,3),(36,9,'1741-01-26','black',21,1),(37,19,'1739-02-21','black',114,12),(38,16,'1741-02-19','black',110,3),(39,7,'1736-11-10','red',85,11),(40,15,'1737-03-28','black',156,8),(41,25,'1736-06-17','green',199,NULL),(42,11,'1737-03-06','black',176,7),(43,2,'1736-07-08','gold',157,4),(44,7,'1739-01-26','black',11,3),(45,15,'1741-09-25','red',27,12),(46,18,'1736-08-25','gold',197,11),(47,12,'1739-07-10','gold',114,7),(48,9,'1737-08-19','black',206,7),(49,13,'1736-07-06','red',238,3),(50,27,'1741-07-09','gold',146,9),(51,9,'1740-06-13','red',164,1),(52,19,'1741-02-02','green',62,3),(53,15,'1739-02-20','gold',224,9),(54,22,'1739-08-26','black',27,2),(55,21,'1739-12-02','red',115,12),(56,2,'1738-04-03','green',12,NULL),(57,15,'1736-12-10','gold',150,6),(58,12,'1738-11-28','black',133,3),(59,26,'1738-06-17','gold',35,1),(60,16,'1739-10-20','red',172,NULL),(61,5,'1737-01-21','gold',219,5),(62,6,'1739-03-12','black',173,10),(63,16,'1738-05-04','red',235,2),(64,21,'1740-01-17','black',219,2),(65,1,'1738-05-21','red',167,11),(66,2,'1740-11-20','black',117,12),(67,31,'1739-08-12','gold',146,1),(68,1,'1739-03-21','black',98,12),(69,29,'1736-11-28','black',207,12),(70,5,'1738-09-16','black',15,4),(71,26,'1741-08-17','black',57,7),(72,31,'1738-10-27','red',30,11),(73,5,'1738-06-21','gold',72,1),(74,8,'1740-06-21','gold',179,10),(75,34,'1738-07-09','gold',120,12),(76,2,'1737-10-15','red',142,6),(77,7,'1736-03-01','black',200,6),(78,18,'1738-09-14','black',211,3),(79,21,'1737-01-25','black',85,6),(80,31,'1740-04-15','gold',88,2);
/*!40000 ALTER TABLE `letter` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `post_house`
--

DROP TABLE IF EXISTS `post_house`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `post_house` (
  `House_ID` int NOT NULL AUTO_INCREMENT,
  `House_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Road` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Stalls` int NOT NULL,
  PRIMARY KEY (`House_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=14 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `post_house`
--

LOCK TABLES `post_house` WRITE;
/*!40000 ALTER TABLE `post_house` DISABLE KEYS */;
INSERT INTO `post_house` VALUES (1,'Raven Inn','ridge',34),(2,'Fox Lodge','ridge',15),(3,'Candle Lodge','salt',10),(4,'Gallows Stables','salt',15),(5,'Fox Barracks','salt',10),(6,'Gallows Inn','salt',30),(7,'Candle Stables','forest',15),(8,'Candle Barracks','salt',11),(9,'Crossroads Lodge','ridge',16),(10,'Crossroads Inn','salt',10),(11,'Gallows Lodge','salt',7),(12,'Candle Inn','forest',10),(13,'Gallows Barracks','salt',11);
/*!40000 ALTER TABLE `post_house` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `cave_library` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `cave_library`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `chamber`
--

DROP TABLE IF EXISTS `chamber`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `chamber` (
  `Chamber_ID` int NOT NULL AUTO_INCREMENT,
  `Chamber_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Depth_m` int NOT NULL,
  `Humidity` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Chamber_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=11 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `chamber`
--

LOCK TABLES `chamber` WRITE;
/*!40000 ALTER TABLE `chamber` DISABLE KEYS */;
INSERT INTO `chamber` VALUES (1,'Dripstone Vault',29,'high'),(2,'Dripstone Gallery',107,'low'),(3,'Echo Hall',135,'high'),(4,'Echo Vault',90,'low'),(5,'Amber Nook',107,'low'),(6,'Dripstone Nook',42,'low'),(7,'Bat Hall',59,'high'),(8,'Echo Gallery',82,'high'),(9,'Bat Vault',125,'low'),(10,'Amber Hall',135,'low');
/*!40000 ALTER TABLE `chamber` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `loan`
--

DROP TABLE IF EXISTS `loan`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `loan` (
  `Loan_ID` int NOT NULL AUTO_INCREMENT,
  `Scroll_ID` int NOT NULL,
  `Reader_ID` int NOT NULL,
  `Lent_On` date NOT NULL,
  `Days` int NOT NULL,
  `Fine` decimal(8,2) DEFAULT NULL,
  PRIMARY KEY (`Loan_ID`),
  KEY `loan_ibfk_1` (`Scroll_ID`),
  KEY `loan_ibfk_2` (`Reader_ID`),
  CONSTRAINT `loan_ibfk_1` FOREIGN KEY (`Scroll_ID`) REFERENCES `scroll` (`Scroll_ID`),
  CONSTRAINT `loan_ibfk_2` FOREIGN KEY (`Reader_ID`) REFERENCES `reader` (`Reader_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=71 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `loan`
--

LOCK TABLES `loan` WRITE;
/*!40000 ALTER TABLE `loan` DISABLE KEYS */;
INSERT INTO `loan` VALUES (1,12,24,'2020-04-05',26,10.50),(2,32,23,'2020-04-28',20,NULL),(3,42,10,'2020-06-08',16,4.00),(4,33,10,'2021-03-22',38,11.00),(5,9,23,'2021-12-06',15,10.50),(6,19,19,'2020-10-06',41,4.00),(7,12,6,'2022-10-28',10,8.00),(8,33,18,'2018-02-14',25,12.00),(9,42,9,'2018-02-05',37,7.00),(10,16,11,'2019-01-09',37,3.00),(11,32,4,'2019-08-14',23,3.00),(12,33,23,'2018-03-17',27,NULL),(13,17,1,'2022-12-15',24,9.50),(14,39,19,'2021-02-27',17,NULL),(15,34,11,'2021-10-13',5,3.00),(16,9,1,'2020-02-05',32,5.00),(17,44,2,'2018-07-09',20,9.50),(18,18,23,'2020-12-23',6,1.00),(19,5,26,'2019-10-07',21,10.00),(20,36,26,'2017-09-03',30,11.00),(21,31,12,'2018-06-04',26,NULL),(22,2,26,'2021-03-28',4,NULL),(23,17,5,'2022-07-17',4,NULL),(24,6,1,'2021-05-12',38,9.50),(25,14,26,'2018-07-10',35,2.00),(26,43,12,'2022-04-11',28,NULL),(27,2,7,'2019-07-18',31,2.50),(28,12,19,'2021-12-04',36,NULL),(29,19,8,'2022-11-03',11,9.00),(30,20,19,'2019-06-06',34,3.00),(31,40,4,'2021-07-06',4,9.00),(32,6,1,'2020-05-22',4,2.50),(33,20,22,'2021-09-06',18,11.00),(34,34,7,'2017-12-28',28,9.50),(35,31,9,'2022-05-10',24,NULL),(36,10,19,'2018-11-24',5,5.50),(37,38,1,'2018-02-11',33,10.50),(38,44,23,'2022-10-22',5,NULL),(39,8,9,'2017-02-18',44,NULL),(40,36,11,'2018-02-24',34,1.00),(41,2,14,'2019-10-16',19,9.00),(42,32,22,'2021-03-06',13,NULL),(43,19,16,'2020-02-18',38,NULL),(44,31,16,'2017-01-13',29,6.50),(45,12,22,'2022-07-05',45,NULL),(46,39,1,'2022-07-15',5,NULL),(47,40,23,'2021-09-22',44,8.00),(48,43,1,'2021-11-09',23,NULL),(49,8,9,'2020-10-15',43,9.50),(50,38,18,'2017-08-16',22,6.00),(51,35,1,'2021-07-21',32,5.00),(52,2,10,'2017-11-21',20,0.50),(53,19,15,'2022-09-24',36,9.50),(54,38,6,'2017-10-25',2,NULL),(55,22,12,'2019-03-01',11,9.50),(56,29,15,'2022-07-08',38,NULL),(57,16,23,'2020-04-24',6,1.50),(58,34,11,'2022-05-19',21,1.50),(59,34,1,'2020-02-17',12,NULL),(60,45,26,'2020-04-12',39,0.00),(61,9,26,'2017-03-10',10,9.00),(62,10,6,'2018-12-23',29,12.00),(63,6,24,'2019-05-12',40,4.50),(64,19,4,'2018-09-14',36,NULL),(65,39,15,'2017-06-15',1,11.50),(66,34,4,'2020-09-20',35,7.50),(67,12,22,'2021-03-14',42,NULL),(68,29,1,'2022-02-19',34,2.50),(69,39,9,'2020-02-05',8,NULL),(70,2,12,'2021-03-13',14,NULL);
/*!40000 ALTER TABLE `loan` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `reader`
--

DROP TABLE IF EXISTS `reader`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `reader` (
  `Reader_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Field` text COLLATE utf8mb4_general_ci NOT NULL,
  `Enrolled` date NOT NULL,
  PRIMARY KEY (`Reader_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=27 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `reader`
--

LOCK TABLES `reader` WRITE;
/*!40000 ALTER TABLE `reader` DISABLE KEYS */;
INSERT INTO `reader` VALUES (1,'Aldo Nightingale','law','2005-02-24'),(2,'Jorun Vexley','geology','2007-07-16'),(3,'Brenna Ravensworth','law','2005-01-26'),(4,'Brenna Grimsaddle','geology','2016-03-16'),(5,'Odo Yarrowdale','law','2009-04-07'),(6,'Brenna Abernock','law','2005-04-17'),(7,'Runa Sallowfield','geology','2005-09-28'),(8,'Ivo Jessop','geology','2006-06-28'),(9,'Ivo Hollinrake','law','2011-05-28'),(10,'Wenna Nightingale','law','2014-03-02'),(11,'Hedda Hollinrake','geology','2011-11-09'),(12,'Tamsin Kettleby','geology','2006-08-12'),(13,'Brenna Nightingale','law','2013-10-20'),(14,'Eskil Wintercott','law','2007-10-14'),(15,'Severin Wintercott','geology','2013-04-21'),(16,'Eskil Hollinrake','law','2006-02-03'),(17,'Runa Grimsaddle','law','2016-07-06'),(18,'Liesel Jessop','law','2013-02-04'),(19,'Hedda Abernock','law','2013-10-25'),(20,'Aldo Wintercott','law','2010-10-11'),(21,'Jorun Abernock','poetry','2016-02-06'),(22,'Odo Lowmoor','law','2012-03-08'),(23,'Odo Underhay','geology','2011-02-03'),(24,'Ulla Wintercott','geology','2011-06-03'),(25,'Ivo Oakhanger','geology','2011-11-13'),(26,'Ysolde Nightingale','poetry','2016-06-25');
/*!40000 ALTER TABLE `reader` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `scroll`
--

DROP TABLE IF EXISTS `scroll`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `scroll` (
  `Scroll_ID` int NOT NULL AUTO_INCREMENT,
  `Title` text COLLATE utf8mb4_general_ci NOT NULL,
  `Chamber_ID` int NOT NULL,
  `Tongue` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Length_cm` int DEFAULT NULL,
  `Copied` int NOT NULL,
  PRIMARY KEY (`Scroll_ID`),
  KEY `scroll_ibfk_1` (`Chamber_ID`),
  CONSTRAINT `scroll_ibfk_1` FOREIGN KEY (`Chamber_ID`) REFERENCES `chamber` (`Chamber_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=47 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `scroll`
--

LOCK TABLES `scroll` WRITE;
/*!40000 ALTER TABLE `scroll` DISABLE KEYS */;
INSERT INTO `scroll` VALUES (1,'Letters about Blind Fish',10,'Vellish',746,1436),(2,'On Falling Water',3,'Marrowan',495,1200),(3,'Letters about Dust',2,'Low Umbric',658,1330),(4,'Against Candle Smoke',2,'Vellish',732,1394),(5,'In Praise of Old Maps',10,'Vellish',582,1356),(6,'On Salt',6,'Marrowan',391,1202),(7,'Against Salt',2,'Marrowan',296,1345),(8,'Against Stalactites',8,'Old Tarsic',241,1306),(9,'In Praise of Silence',10,'Low Umbric',648,1464),(10,'On Old Maps',6,'Low Umbric',119,1475),(11,'Letters about Salt',5,'Low Umbric',49,1311),(12,'Against Copper',5,'Vellish',673,1357),(13,'In Praise of Sleep',2,'Vellish',438,1294),(14,'On Underground Rivers',10,'Marrowan',130,1216),(15,'Against Falling Water',9,'Low Umbric',130,1354),(16,'On Moths',2,'Low Umbric',276,1402),(17,'In Praise of Copper',10,'Low Umbric',313,1371),(18,'On Patience',9,'Marrowan',833,1234),(19,'Letters about Silence',2,'Low Umbric',NULL,1426),(20,'Against Silence',5,'Vellish',350,1382),(21,'In Praise of Moths',6,'Vellish',497,1233),(22,'Against Underground Rivers',10,'Low Umbric',305,1478),(23,'On Silence',9,'Vellish',214,1341),(24,'On Blind Fish',7,'Low Umbric',48,1277),(25,'Against Sleep',5,'Low Umbric',137,1260),(26,'Letters about Shadows',7,'Marrowan',424,1316),(27,'Letters about Stalactites',8,'Low Umbric',206,1403),(28,'In Praise of Salt',10,'Marrowan',501,1440),(29,'Against Old Maps',10,'Marrowan',776,1328),(30,'In Praise of Underground Rivers',3,'Vellish',608,1320),(31,'In Praise of Dust',10,'Vellish',373,1340),(32,'Letters about Old Maps',2,'Low Umbric',739,1418),(33,'Letters about Falling Water',3,'Vellish',811,1287),(34,'In Praise of Blind Fish',3,'Marrowan',NULL,1453),(35,'Letters about Copper',5,'Vellish',593,1190),(36,'On Candle Smoke',10,'Vellish',783,1371),(37,'Against Moths',9,'Vellish',239,1359),(38,'Letters about Candle Smoke',5,'Marrowan',482,1396),(39,'Against Blind Fish',6,'Vellish',NULL,1404),(40,'Letters about Sleep',9,'Marrowan',457,1479),(41,'In Praise of Candle Smoke',5,'Vellish',NULL,1297),(42,'Letters about Moths',10,'Vellish',NULL,1433),(43,'In Praise of Patience',10,'Low Umbric',226,1260),(44,'On Shadows',5,'Vellish',661,1454),(45,'Against Shadows',3,'Vellish',499,1339),(46,'In Praise of Shadows',5,'Old Tarsic',298,1202);
/*!40000 ALTER TABLE `scroll` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `reed_boat_regatta` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `reed_boat_regatta`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `boat`
--

DROP TABLE IF EXISTS `boat`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `boat` (
  `Boat_ID` int NOT NULL AUTO_INCREMENT,
  `Boat_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Yard_ID` int NOT NULL,
  `Length_m` double NOT NULL,
  `Built` varchar(4) COLLATE utf8mb4_general_ci NOT NULL,
  `Class_Name` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Boat_ID`),
  KEY `boat_ibfk_1` (`Yard_ID`),
  CONSTRAINT `boat_ibfk_1` FOREIGN KEY (`Yard_ID`) REFERENCES `boatyard` (`Yard_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=29 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `boat`
--

LOCK TABLES `boat` WRITE;
/*!40000 ALTER TABLE `boat` DISABLE KEYS */;
INSERT INTO `boat` VALUES (1,'Golden Bulrush',2,13.25,'2003','middle'),(2,'Merry Dragonfly',4,13.75,'1999','barge'),(3,'Wet Dragonfly',6,14.5,'2008','feather'),(4,'Wet Duckling',6,14.5,'2003','middle'),(5,'Merry Bulrush',2,13,'1998','feather'),(6,'Merry Duckling',1,14,'1996','middle'),(7,'Golden Basket',5,14.75,'2013','middle'),(8,'Golden Duckling',4,4.75,'2018','middle'),(9,'Wet Bulrush',6,8,'2018','feather'),(10,'Swift Nuisance',8,14.25,'2015','barge'),(11,'Stubborn Basket',3,9.75,'1996','feather'),(12,'Merry Minnow',1,12,'2018','feather'),(13,'Wet Nuisance',4,12.75,'2004','feather'),(14,'Stubborn Nuisance',3,6,'2003','barge'),(15,'Merry Basket',4,12.75,'2015','middle'),(16,'Swift Bulrush',1,10.5,'1999','middle'),(17,'Stubborn Bulrush',4,14,'1999','middle'),(18,'Stubborn Minnow',5,11,'2017','feather'),(19,'Swift Minnow',6,7,'2018','feather'),(20,'Swift Basket',1,9.5,'2009','middle'),(21,'Golden Minnow',5,11,'2004','feather'),(22,'Swift Dragonfly',8,6.25,'1998','middle'),(23,'Wet Basket',6,8.75,'2001','feather'),(24,'Golden Nuisance',8,9.25,'1996','middle'),(25,'Merry Nuisance',2,11.25,'2005','middle'),(26,'Golden Dragonfly',9,10.5,'2009','feather'),(27,'Wet Minnow',4,6.5,'1999','feather'),(28,'Stubborn Duckling',4,6.25,'1994','barge');
/*!40000 ALTER TABLE `boat` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `boatyard`
--

DROP TABLE IF EXISTS `boatyard`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `boatyard` (
  `Yard_ID` int NOT NULL AUTO_INCREMENT,
  `Yard_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `River` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Workers` int NOT NULL,
  PRIMARY KEY (`Yard_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=10 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `boatyard`
--

LOCK TABLES `boatyard` WRITE;
/*!40000 ALTER TABLE `boatyard` DISABLE KEYS */;
INSERT INTO `boatyard` VALUES (1,'Bittern Landing','Meander',20),(2,'Sedge Yard','Meander',14),(3,'Otter Landing','Sall',20),(4,'Otter Slip','Sall',17),(5,'Otter Yard','Sall',12),(6,'Bittern Slip','Sall',13),(7,'Sedge Landing','Sall',11),(8,'Rush Yard','Meander',32),(9,'Bittern Yard','Meander',5);
/*!40000 ALTER TABLE `boatyard` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `finish`
--

DROP TABLE IF EXISTS `finish`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `finish` (
  `Boat_ID` int NOT NULL,
  `Race_ID` int NOT NULL,
  `Minutes` double DEFAULT NULL,
  `Penalties` int NOT NULL,
  PRIMARY KEY (`Boat_ID`,`Race_ID`),
  KEY `finish_ibfk_2` (`Race_ID`),
  CONSTRAINT `finish_ibfk_1` FOREIGN KEY (`Boat_ID`) REFERENCES `boat` (`Boat_ID`),
  CONSTRAINT `finish_ibfk_2` FOREIGN KEY (`Race_ID`) REFERENCES `race` (`Race_ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `finish`
--

LOCK TABLES `finish` WRITE;
/*!40000 ALTER TABLE `finish` DISABLE KEYS */;
INSERT INTO `finish` VALUES (1,5,247.25,1),(1,9,144.25,0),(1,10,226.25,5),(2,5,NULL,2),(2,7,197.75,1),(2,8,126.5,1),(2,9,133.5,3),(2,10,166.75,2),(4,7,134,2),(4,8,74.25,4),(4,9,116.75,4),(4,10,112,3),(5,4,55,0),(5,6,49.25,2),(5,9,NULL,0),(6,1,NULL,3),(6,10,167.75,1),(7,4,181.5,2),(8,6,144,2),(8,7,215,5),(8,8,140.25,1),(9,2,74.5,1),(9,4,168,4),(9,5,219.75,3),(9,6,171,1),(9,7,198.5,2),(9,9,147.5,4),(10,2,NULL,1),(10,4,71.25,0),(10,7,56,0),(10,9,14.75,0),(10,10,162,1),(12,4,44.5,0),(12,7,NULL,0),(15,4,124.5,2),(15,7,193.75,1),(15,9,240.75,5),(17,8,76.75,5),(18,4,26.75,1),(18,5,179.75,3),(18,7,256.5,5),(18,8,39.5,0),(19,2,103.25,3),(19,4,NULL,3),(19,5,212,4),(19,6,247.5,2),(19,8,74,2),(19,9,144.25,1),(21,9,49,4),(22,8,98,4),(23,1,81.25,0),(23,4,NULL,4),(23,5,99,5),(23,6,255.25,3),(23,8,167.25,5),(23,9,244.75,3),(24,6,31,1),(24,7,209,1),(24,8,227.75,0),(24,9,111.75,4),(25,4,103.5,5),(25,8,203,4),(25,9,40.25,0),(27,9,83.5,1),(28,4,200,4),(28,8,136.75,5),(28,9,NULL,5),(28,10,99,0);
/*!40000 ALTER TABLE `finish` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `race`
--

DROP TABLE IF EXISTS `race`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `race` (
  `Race_ID` int NOT NULL AUTO_INCREMENT,
  `Race_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Held_On` date NOT NULL,
  `Distance_km` double NOT NULL,
  PRIMARY KEY (`Race_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=11 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `race`
--

LOCK TABLES `race` WRITE;
/*!40000 ALTER TABLE `race` DISABLE KEYS */;
INSERT INTO `race` VALUES (1,'Dusk Dash','2022-07-19',17.5),(2,'Noon Drift','2019-06-22',18.5),(3,'Dusk Drift','2019-05-14',28.5),(4,'Flood Marathon','2019-02-03',19),(5,'Dawn Drift','2020-03-26',20),(6,'Flood Drift','2020-02-12',12),(7,'Dusk Marathon','2021-09-04',32),(8,'Dawn Dash','2019-06-10',26.5),(9,'Flood Dash','2022-11-23',20),(10,'Dawn Marathon','2020-12-08',11.5);
/*!40000 ALTER TABLE `race` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `spice_caravan` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `spice_caravan`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `caravan`
--

DROP TABLE IF EXISTS `caravan`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `caravan` (
  `Caravan_ID` int NOT NULL AUTO_INCREMENT,
  `Caravan_Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Route` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Animals` int NOT NULL,
  `Departed` date NOT NULL,
  PRIMARY KEY (`Caravan_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=21 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `caravan`
--

LOCK TABLES `caravan` WRITE;
/*!40000 ALTER TABLE `caravan` DISABLE KEYS */;
INSERT INTO `caravan` VALUES (1,'Patient Saddles','Copper',19,'1603-01-17'),(2,'Moonlit Lanterns','Salt',34,'1604-04-14'),(3,'Crimson Saddles','Salt',69,'1608-07-13'),(4,'Moonlit Saddles','Copper',32,'1603-09-06'),(5,'Seven Saddles','Indigo',38,'1605-11-07'),(6,'Moonlit Bells','Salt',55,'1605-03-23'),(7,'Wandering Saddles','Copper',29,'1602-01-13'),(8,'Crimson Camels','Salt',30,'1609-04-05'),(9,'Crimson Lanterns','Copper',29,'1603-10-11'),(10,'Wandering Lanterns','Salt',15,'1608-10-27'),(11,'Moonlit Camels','Indigo',46,'1602-10-07'),(12,'Patient Lanterns','Salt',90,'1609-10-15'),(13,'Crimson Bells','Salt',68,'1609-04-02'),(14,'Wandering Bells','Copper',94,'1604-12-08'),(15,'Crimson Wells','Salt',20,'1603-12-18'),(16,'Seven Wells','Pepper',91,'1603-01-27'),(17,'Patient Bells','Copper',63,'1602-05-27'),(18,'Patient Camels','Copper',82,'1603-12-15'),(19,'Wandering Camels','Indigo',23,'1605-12-15'),(20,'Seven Lanterns','Salt',72,'1607-07-27');
/*!40000 ALTER TABLE `caravan` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `cargo`
--

DROP TABLE IF EXISTS `cargo`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `cargo` (
  `Cargo_ID` int NOT NULL AUTO_INCREMENT,
  `Caravan_ID` int NOT NULL,
  `Spice` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Sacks` int NOT NULL,
  `Worth` decimal(8,2) DEFAULT NULL,
  PRIMARY KEY (`Cargo_ID`),
  KEY `cargo_ibfk_1` (`Caravan_ID`),
  CONSTRAINT `cargo_ibfk_1` FOREIGN KEY (`Caravan_ID`) REFERENCES `caravan` (`Caravan_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=65 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `cargo`
--

LOCK TABLES `cargo` WRITE;
/*!40000 ALTER TABLE `cargo` DISABLE KEYS */;
INSERT INTO `cargo` VALUES (1,12,'clove',29,209.00),(2,17,'cumin',19,2244.00),(3,8,'saffron',55,1206.00),(4,10,'cardamom',8,85.50),(5,3,'cumin',4,1380.50),(6,20,'mace',27,2332.00),(7,3,'mace',30,1724.00),(8,11,'clove',44,2270.00),(9,7,'cumin',2,2501.50),(10,12,'clove',37,641.50),(11,1,'cumin',14,NULL),(12,3,'clove',45,854.50),(13,1,'mace',42,1981.00),(14,5,'mace',31,1552.00),(15,19,'mace',36,1201.00),(16,5,'mace',54,1612.50),(17,10,'cumin',56,2055.00),(18,19,'cumin',10,1059.00),(19,14,'clove',14,590.00),(20,6,'clove',34,672.50),(21,6,'mace',52,869.00),(22,20,'clove',48,731.50),(23,17,'saffron',44,2566.00),(24,5,'mace',15,1875.50),(25,20,'cumin',10,1078.50),(26,10,'mace',50,1571.00),(27,19,'cumin',49,1139.50),(28,16,'mace',9,2418.00),(29,16,'clove',39,673.50),(30,3,'mace',20,1778.50),(31,16,'mace',16,857.50),(32,1,'mace',15,464.00),(33,3,'saffron',4,366.00),(34,12,'clove',36,2175.50),(35,17,'mace',23,359.00),(36,10,'mace',18,2227.50),(37,5,'clove',33,167.00),(38,17,'saffron',28,1308.50),(39,16,'mace',36,NULL),(40,11,'clove',22,1014.50),(41,16,'mace',40,135.50),(42,8,'mace',2,2216.00),(43,3,'cumin',25,NULL),(44,7,'mace',42,1014.00),(45,19,'cumin',17,2472.00),(46,11,'cumin',26,1502.50),(47,1,'mace',15,2485.00),(48,19,'mace',44,1210.50),(49,1,'clove',18,1986.50),(50,6,'cumin',23,74.50),(51,5,'clove',57,NULL),(52,12,'cumin',26,2321.00),(53,5,'mace',60,565.00),(54,1,'mace',11,1021.50),(55,3,'mace',36,NULL),(56,5,'clove',36,259.50),(57,3,'mace',37,455.00),(58,7,'mace',28,1649.50),(59,5,'cumin',27,586.50),(60,11,'mace',41,1827.50),(61,8,'clove',5,1264.00),(62,12,'clove',46,242.00),(63,20,'clove',21,1176.00),(64,16,'mace',30,2299.00);
/*!40000 ALTER TABLE `cargo` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `trader`
--

DROP TABLE IF EXISTS `trader`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `trader` (
  `Trader_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Caravan_ID` int DEFAULT NULL,
  `Age` int NOT NULL,
  `Guild` varchar(20) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Trader_ID`),
  KEY `trader_ibfk_1` (`Caravan_ID`),
  CONSTRAINT `trader_ibfk_1` FOREIGN KEY (`Caravan_ID`) REFERENCES `caravan` (`Caravan_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=43 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `trader`
--

LOCK TABLES `trader` WRITE;
/*!40000 ALTER TABLE `trader` DISABLE KEYS */;
INSERT INTO `trader` VALUES (1,'Fenna Lowmoor',11,56,'brokers'),(2,'Ysolde Pennyfold',12,55,'brokers'),(3,'Viggo Underhay',10,21,'brokers'),(4,'Tamsin Brackwater',10,56,'blenders'),(5,'Odo Sallowfield',5,24,'brokers'),(6,'Tamsin Yarrowdale',6,25,'blenders'),(7,'Odo Sallowfield',3,19,'blenders'),(8,'Brenna Underhay',19,57,'blenders'),(9,'Severin Ravensworth',12,32,'drivers'),(10,'Kasimir Dunmarrow',16,60,'weighers'),(11,'Nerys Vexley',15,44,'blenders'),(12,'Aldo Thistlewood',4,43,'brokers'),(13,'Severin Sallowfield',18,20,'brokers'),(14,'Marek Hollinrake',6,65,'brokers'),(15,'Kasimir Ravensworth',16,37,'brokers'),(16,'Delphe Abernock',16,49,'drivers'),(17,'Garrick Quarrendon',16,63,'blenders'),(18,'Brenna Castelow',4,61,'blenders'),(19,'Hedda Ravensworth',11,19,'blenders'),(20,'Quill Pennyfold',19,56,'brokers'),(21,'Quill Underhay',19,51,'blenders'),(22,'Tamsin Ravensworth',15,58,'weighers'),(23,'Ulla Brackwater',19,19,'blenders'),(24,'Wenna Abernock',13,19,'brokers'),(25,'Fenna Hollinrake',16,21,'drivers'),(26,'Runa Fosterwick',13,41,'blenders'),(27,'Viggo Lowmoor',NULL,62,'blenders'),(28,'Petra Grimsaddle',NULL,30,'blenders'),(29,'Petra Yarrowdale',16,37,'blenders'),(30,'Fenna Abernock',11,46,'blenders'),(31,'Jorun Merriden',9,60,'blenders'),(32,'Marek Abernock',19,58,'brokers'),(33,'Ulla Nightingale',13,57,'brokers'),(34,'Kasimir Sallowfield',15,48,'brokers'),(35,'Marek Pennyfold',14,23,'brokers'),(36,'Delphe Brackwater',10,22,'weighers'),(37,'Fenna Kettleby',10,38,'brokers'),(38,'Severin Brackwater',18,62,'blenders'),(39,'Aldo Grimsaddle',6,33,'drivers'),(40,'Aldo Merriden',15,38,'brokers'),(41,'Tamsin Oakhanger',11,64,'brokers'),(42,'Marek Ellingby',4,25,'brokers');
/*!40000 ALTER TABLE `trader` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;

CREATE DATABASE  IF NOT EXISTS `moss_garden` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */;
USE `moss_garden`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

--
-- Table structure for table `bed`
--

DROP TABLE IF EXISTS `bed`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `bed` (
  `Bed_ID` int NOT NULL AUTO_INCREMENT,
  `Label` text COLLATE utf8mb4_general_ci NOT NULL,
  `Gardener_ID` int DEFAULT NULL,
  `Species` varchar(40) COLLATE utf8mb4_general_ci NOT NULL,
  `Area_m2` double NOT NULL,
  `Laid` date DEFAULT NULL,
  `Shade_Hours` int NOT NULL,
  PRIMARY KEY (`Bed_ID`),
  KEY `bed_ibfk_1` (`Gardener_ID`),
  CONSTRAINT `bed_ibfk_1` FOREIGN KEY (`Gardener_ID`) REFERENCES `gardener` (`Gardener_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=55 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `bed`
--

LOCK TABLES `bed` WRITE;
/*!40000 ALTER TABLE `bed` DISABLE KEYS */;
INSERT INTO `bed` VALUES (1,'Bridge Steps',11,'pillow moss',28,'2006-09-18',6),(2,'Gate Island',9,'plume moss',5,'2007-06-13',11),(3,'Pond Walk',7,'fork moss',20.5,'2009-07-03',5),(4,'Fern Corner',11,'pillow moss',20.25,'1992-10-06',4),(5,'Fern Steps',10,'pillow moss',8.25,'1992-10-18',5),(6,'Temple Border',NULL,'fork moss',42,'1995-04-22',6),(7,'Bridge Corner',14,'star moss',26.5,'1993-09-17',11),(8,'Stone Walk',7,'fork moss',12.5,'1999-10-04',5),(9,'Gate Bank',9,'plume moss',38.5,'2020-11-03',3),(10,'Bridge Island',NULL,'pillow moss',5,'2002-02-18',8),(11,'Pond Border',14,'fork moss',24.75,'1992-08-14',7),(12,'Temple Ring',9,'plume moss',43.25,'2014-07-27',8),(13,'Temple Walk',2,'fork moss',14.5,'2005-09-09',3),(14,'Bridge Border',8,'fork moss',41,'2018-08-25',9),(15,'Fern Island',4,'fork moss',38.25,'2011-05-13',7),(16,'Stone Border',14,'fork moss',36.5,'2017-02-17',11),(17,'Fern Border',4,'fork moss',18,'1999-11-12',9),(18,'Stone Ring',2,'plume moss',38,'1997-07-21',7),(19,'Pond Ring',9,'plume moss',24,'2017-03-06',5),(20,'Pond Bank',4,'haircap moss',26,'2018-02-19',7),(21,'Stone Steps',2,'plume moss',12.5,'2003-08-28',9),(22,'Stone Island',14,'pillow moss',3,'1994-05-24',11),(23,'Temple Island',14,'fork moss',21.75,'1997-05-15',8),(24,'Temple Steps',11,'plume moss',38.5,'2019-11-05',9),(25,'Bridge Cushion',2,'plume moss',13.75,'2012-10-10',2),(26,'Temple Corner',9,'haircap moss',43.25,'2019-02-06',7),(27,'Stone Corner',8,'plume moss',15.25,'2010-08-22',2),(28,'Bridge Ring',11,'pillow moss',36.25,'1994-01-20',2),(29,'Stone Cushion',11,'fork moss',6,'2000-09-08',3),(30,'Bridge Bank',7,'fork moss',33.25,'2016-12-09',11),(31,'Gate Steps',10,'fork moss',11,'2018-11-13',11),(32,'Pond Cushion',7,'plume moss',2.5,'2018-03-17',2),(33,'Temple Terrace',11,'fork moss',5.25,'2011-05-27',3),(34,'Stone Bank',14,'fork moss',2.25,'1992-06-24',8),(35,'Pond Terrace',9,'pillow moss',34.25,'2013-08-24',10),(36,'Gate Terrace',9,'fork moss',44,'2017-09-15',2),(37,'Fern Ring',3,'pillow moss',32.75,'2006-08-18',8),(38,'Temple Cushion',7,'fork moss',39.75,'2007-12-15',3),(39,'Gate Border',7,'fork moss',37.25,'1999-10-01',11),(40,'Stone Terrace',9,'pillow moss',17.25,'2007-07-09',2),(41,'Pond Steps',14,'haircap moss',32,'2021-05-11',8),(42,'Temple Bank',7,'fork moss',36.25,NULL,10),(43,'Gate Ring',9,'fork moss',3,'2020-11-10',7),(44,'Fern Bank',9,'pillow moss',35.5,NULL,10),(45,'Pond Island',6,'fork moss',40,'2005-11-23',10),(46,'Gate Cushion',10,'fork moss',7.5,'2017-10-16',2),(47,'Pond Corner',10,'fork moss',24,'2015-08-07',4),(48,'Bridge Terrace',8,'plume moss',12,'2021-11-22',2),(49,'Gate Corner',NULL,'fork moss',1.5,'2006-12-08',6),(50,'Fern Terrace',8,'plume moss',6.25,'2003-06-25',10),(51,'Bridge Walk',10,'star moss',27,'2015-11-26',6),(52,'Fern Cushion',11,'fork moss',7.5,'2014-05-28',4),(53,'Fern Walk',4,'plume moss',3.25,'2003-04-13',6),(54,'Gate Walk',9,'fork moss',33.25,'2006-08-13',10);
/*!40000 ALTER TABLE `bed` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `gardener`
--

DROP TABLE IF EXISTS `gardener`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `gardener` (
  `Gardener_ID` int NOT NULL AUTO_INCREMENT,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  `Hired` int NOT NULL,
  `Shift` varchar(10) COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Gardener_ID`)
) ENGINE=InnoDB AUTO_INCREMENT=15 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `gardener`
--

LOCK TABLES `gardener` WRITE;
/*!40000 ALTER TABLE `gardener` DISABLE KEYS */;
INSERT INTO `gardener` VALUES (1,'Viggo Fosterwick',2017,'dusk'),(2,'Aldo Ironmonger',2017,'dusk'),(3,'Nerys Sallowfield',1995,'dusk'),(4,'Ivo Hollinrake',1991,'dusk'),(5,'Tamsin Underhay',2012,'dusk'),(6,'Delphe Grimsaddle',2018,'dawn'),(7,'Nerys Vexley',1997,'midday'),(8,'Ivo Abernock',2010,'dusk'),(9,'Ulla Dunmarrow',2012,'dusk'),(10,'Ysolde Castelow',1997,'dawn'),(11,'Hedda Ironmonger',2004,'dusk'),(12,'Petra Thistlewood',1997,'dusk'),(13,'Liesel Sallowfield',1993,'dusk'),(14,'Hedda Pennyfold',2002,'midday');
/*!40000 ALTER TABLE `gardener` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
