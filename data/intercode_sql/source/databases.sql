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
INSERT INTO `keeper` VALUES (1,'Quill Fosterwick',8,1907,'assistant','1943-11-24',69.50),(2,'Aldo Quarrendon',17,1918,'apprentice','1955-09-02',76.50),(3,'Tamsin Quarrendon',31,1946,'apprentice','1964-09-25',67.00),(4,'Ysolde Hollinrake',8,1889,'assistant',NULL,60.00),(5,'Liesel Oakhanger',19,1945,'principal','1965-03-14',41.00),(6,'Brenna Castelow',8,1925,'principal','1959-07-16',57.50),(7,'Ivo Thistlewood',32,1936,'apprentice','1953-06-25',52.50),(8,'Odo Lowmoor',8,1901,'assistant',NULL,60.50),(9,'Corin Merriden',8,1945,'principal','1962-06-19',77.00),(10,'Brenna Lowmoor',24,1925,'assistant','1953-06-26',64.50),(11,'Ivo Brackwater',22,1935,'assistant',NULL,82.50),(12,'Delphe Brackwater',NULL,1933,'apprentice','1958-03-24',50.50),(13,'Aldo Kettleby',11,1896,'apprentice','1937-11-07',72.00),(14,'Ulla Lowmoor',18,1930,'apprentice','1954-12-02',63.50),(15,'Severin Lowmoor',18,1914,'apprentice','1954-10-17',61.50),(16,'Quill Wintercott',27,1913,'assistant',NULL,65.00),(17,'Tamsin Ellingby',18,1913,'principal','1938-04-02',57.50),(18,'Viggo Quarrendon',28,1929,'assistant',NULL,47.00),(19,'Severin Nightingale',31,1888,'assistant','1931-06-24',44.00),(20,'Viggo Hollinrake',NULL,1923,'apprentice','1948-05-26',68.50),(21,'Runa Castelow',12,1903,'apprentice','1939-03-12',82.00),(22,'Eskil Yarrowdale',19,1923,'apprentice',NULL,64.00),(23,'Brenna Pennyfold',12,1937,'apprentice',NULL,59.00),(24,'Odo Abernock',NULL,1895,'principal',NULL,50.00),(25,'Fenna Brackwater',11,1918,'principal','1938-12-02',71.00),(26,'Aldo Quarrendon',1,1942,'principal','1960-06-03',32.50),(27,'Wenna Jessop',NULL,1898,'apprentice','1939-03-27',31.50),(28,'Corin Ironmonger',7,1895,'principal','1935-10-16',43.00),(29,'Fenna Kettleby',25,1906,'assistant','1937-07-24',80.50),(30,'Fenna Thistlewood',20,1942,'assistant','1967-06-25',38.50),(31,'Aldo Sallowfield',14,1927,'apprentice','1945-02-17',51.50),(32,'Nerys Lowmoor',20,1904,'principal','1936-12-01',35.50),(33,'Marek Pennyfold',6,1903,'apprentice','1941-02-28',32.50),(34,'Marek Thistlewood',6,1907,'assistant','1944-02-14',51.50),(35,'Quill Jessop',12,1905,'principal','1931-12-02',43.00),(36,'Jorun Dunmarrow',NULL,1923,'assistant','1945-07-20',54.50),(37,'Corin Pennyfold',12,1935,'assistant','1961-01-23',78.50),(38,'Wenna Lowmoor',31,1896,'apprentice','1938-03-08',65.50),(39,'Ysolde Wintercott',18,1921,'apprentice','1949-04-03',33.00),(40,'Ysolde Nightingale',18,1896,'assistant','1937-08-21',39.00),(41,'Aldo Ravensworth',8,1899,'assistant',NULL,82.00),(42,'Wenna Oakhanger',31,1889,'apprentice','1931-08-01',80.00),(43,'Marek Hollinrake',31,1944,'apprentice','1963-05-28',65.00),(44,'Aldo Grimsaddle',31,1894,'apprentice','1936-03-07',61.00),(45,'Nerys Hollinrake',16,1941,'apprentice','1961-07-06',82.50),(46,'Viggo Oakhanger',31,1917,'assistant','1942-11-26',32.00),(47,'Odo Jessop',19,1933,'apprentice','1953-09-02',50.00),(48,'Kasimir Kettleby',3,1902,'apprentice','1933-08-18',43.00),(49,'Ivo Vexley',30,1893,'apprentice','1931-02-08',31.50),(50,'Kasimir Yarrowdale',25,1904,'apprentice','1943-10-14',43.00),(51,'Petra Dunmarrow',22,1906,'principal','1938-01-28',55.00),(52,'Wenna Grimsaddle',16,1895,'principal','1935-12-15',51.00),(53,'Brenna Brackwater',31,1947,'apprentice','1966-06-01',44.50),(54,'Kasimir Lowmoor',8,1888,'apprentice','1931-03-01',49.50),(55,'Jorun Grimsaddle',30,1933,'principal','1952-07-25',63.50),(56,'Liesel Dunmarrow',27,1933,'principal','1965-02-02',66.00),(57,'Tamsin Abernock',10,1948,'apprentice',NULL,33.00),(58,'Eskil Jessop',24,1936,'assistant',NULL,82.00),(59,'Aldo Ellingby',32,1892,'apprentice',NULL,55.00),(60,'Garrick Underhay',11,1922,'apprentice','1947-04-19',50.50);
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
INSERT INTO `lighthouse` VALUES (1,'Hollow Head',5,'oak',13.5,1847),(2,'Widow\'s Reef',8,'cast iron',57.5,1809),(3,'Salt Head',8,'granite',59.5,1849),(4,'Grey Reef',8,'cast iron',25,1908),(5,'Broken Skerry',6,'cast iron',31,1852),(6,'Gull Head',4,'brick',53,1926),(7,'Grey Ness',4,'concrete',34.5,1917),(8,'Long Ness',3,'granite',59,1815),(9,'Broken Head',3,'granite',57.5,1925),(10,'Hollow Rock',8,'cast iron',50.5,1821),(11,'Widow\'s Head',3,'concrete',18,1824),(12,'Iron Reef',6,'concrete',10,1928),(13,'Long Rock',4,'concrete',21,1894),(14,'Gull Point',1,'concrete',40,1929),(15,'Broken Rock',5,'oak',19,1917),(16,'Hollow Reef',4,'concrete',32.5,1921),(17,'Gull Reef',2,'concrete',50.5,1903),(18,'Widow\'s Rock',1,'concrete',10,1904),(19,'Long Point',8,'cast iron',40,1808),(20,'Gull Ness',2,'oak',51,1898),(21,'Broken Reef',5,'oak',34.5,1894),(22,'Widow\'s Ness',2,'oak',24,1854),(23,'Iron Skerry',3,'concrete',61.5,1919),(24,'Gull Skerry',6,'concrete',28,1898),(25,'Widow\'s Point',6,'concrete',55,1888),(26,'Long Skerry',3,'concrete',40.5,1868),(27,'Grey Point',8,'concrete',26,1922),(28,'Grey Skerry',8,'cast iron',42.5,1828),(29,'Gull Rock',5,'granite',26,1891),(30,'Grey Head',8,'cast iron',41,1836),(31,'Hollow Point',2,'granite',14.5,1905),(32,'Broken Ness',1,'brick',20,1849);
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
INSERT INTO `airship` VALUES (1,'Northern Whale',10,'Gasbag Union',1910,32),(2,'Northern Pilgrim',10,'Orlop & Daughters',1898,23),(3,'Patient Duchess',5,'Gasbag Union',1906,17),(4,'Patient Thunderhead',11,'Orlop & Daughters',1924,27),(5,'Bold Pilgrim',2,'Orlop & Daughters',1913,31),(6,'Drowsy Duchess',10,'Orlop & Daughters',1899,46),(7,'Silver Thunderhead',2,'Gasbag Union',1925,37),(8,'Patient Heron',3,'Gasbag Union',1928,15),(9,'Bold Duchess',10,'Orlop & Daughters',1925,46),(10,'Northern Thunderhead',6,'Tolliver Yard',1919,7),(11,'Amber Heron',3,'Gasbag Union',1936,8),(12,'Bold Bumblebee',2,'Orlop & Daughters',1903,7),(13,'Silver Pilgrim',7,'Gasbag Union',1933,17),(14,'Northern Duchess',5,'Orlop & Daughters',1933,27),(15,'Bold Thunderhead',10,'Tolliver Yard',1898,30),(16,'Drowsy Pilgrim',1,'Gasbag Union',1926,41),(17,'Amber Whale',10,'Gasbag Union',1917,18),(18,'Patient Pilgrim',5,'Vantry Works',1903,9),(19,'Amber Bumblebee',10,'Orlop & Daughters',1924,46),(20,'Bold Heron',7,'Gasbag Union',1908,11),(21,'Northern Heron',11,'Orlop & Daughters',1935,7),(22,'Drowsy Thunderhead',10,'Orlop & Daughters',1917,20),(23,'Amber Thunderhead',1,'Orlop & Daughters',1928,11),(24,'Amber Pilgrim',3,'Gasbag Union',1917,27),(25,'Amber Duchess',1,'Gasbag Union',1910,22),(26,'Drowsy Bumblebee',1,'Gasbag Union',1909,NULL);
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
INSERT INTO `captain` VALUES (1,'Garrick Ellingby',NULL,'C',742),(2,'Eskil Quarrendon',26,'C',5520),(3,'Jorun Sallowfield',7,'B',1321),(4,'Ysolde Ellingby',11,'D',564),(5,'Eskil Sallowfield',NULL,'C',5753),(6,'Tamsin Castelow',3,'B',5832),(7,'Quill Merriden',4,'B',3886),(8,'Liesel Merriden',12,'B',2081),(9,'Fenna Sallowfield',6,'B',2882),(10,'Tamsin Merriden',9,'B',3725),(11,'Marek Kettleby',3,'C',2579),(12,'Delphe Grimsaddle',4,'B',1147),(13,'Kasimir Nightingale',19,'B',299),(14,'Hedda Sallowfield',12,'D',5723),(15,'Petra Dunmarrow',22,'C',4721),(16,'Ulla Ravensworth',11,'C',4357),(17,'Eskil Abernock',22,'D',454),(18,'Nerys Grimsaddle',19,'D',3568),(19,'Nerys Quarrendon',8,'C',3030),(20,'Runa Jessop',19,'C',2198),(21,'Ulla Wintercott',14,'B',5374),(22,'Aldo Oakhanger',19,'D',2919),(23,'Quill Fosterwick',3,'D',5297),(24,'Jorun Merriden',11,'A',3803),(25,'Hedda Vexley',7,'D',1935),(26,'Severin Ravensworth',1,'B',1866),(27,'Severin Nightingale',10,'C',301),(28,'Aldo Nightingale',7,'A',779),(29,'Jorun Quarrendon',23,'B',147),(30,'Viggo Castelow',16,'C',4430);
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
INSERT INTO `port` VALUES (1,'Larkfall Quay','Coral',1),(2,'Anvilgate Quay','Coral',5),(3,'Harrowmere Field','Slate',3),(4,'Zephyr Station','Amber',4),(5,'Larkfall Field','Coral',6),(6,'Anvilgate Tower','Slate',3),(7,'Larkfall Station','Coral',11),(8,'Cloudhaven Field','Amber',10),(9,'Cloudhaven Tower','Coral',6),(10,'Harrowmere Tower','Coral',7),(11,'Harrowmere Quay','Coral',5),(12,'Anvilgate Station','Coral',9);
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
INSERT INTO `voyage` VALUES (1001,2,4,'1929-03-15',26,26.00),(1002,10,3,'1925-06-07',97,40.75),(1003,10,6,'1929-11-27',114,75.50),(1004,15,2,'1922-12-28',54,47.00),(1005,11,8,'1940-04-26',43,90.00),(1006,21,6,'1936-11-13',82,24.50),(1007,21,4,'1939-12-27',9,36.50),(1008,26,4,'1930-08-10',72,25.50),(1009,20,2,'1921-04-08',97,92.75),(1010,24,12,'1939-12-09',21,34.75),(1011,23,12,'1932-11-24',43,30.25),(1012,25,5,'1922-12-01',23,60.00),(1013,11,3,'1937-01-05',107,66.75),(1014,20,2,'1935-03-17',20,73.50),(1015,10,9,'1937-09-05',61,95.00),(1016,8,8,'1930-08-06',37,66.50),(1017,25,4,'1927-11-16',57,13.75),(1018,6,6,'1940-09-11',59,91.75),(1019,17,4,'1924-10-07',42,86.25),(1020,25,2,'1930-03-25',96,39.00),(1021,6,6,'1933-08-16',57,67.75),(1022,10,12,'1936-10-06',107,33.00),(1023,13,2,'1938-06-22',48,93.25),(1024,22,12,'1929-04-15',109,45.25),(1025,25,2,'1931-04-14',63,27.75),(1026,25,12,'1923-01-19',52,68.00),(1027,16,6,'1934-12-23',73,55.50),(1028,12,3,'1930-05-14',103,67.50),(1029,10,6,'1933-05-25',71,81.50),(1030,2,1,'1931-04-15',47,93.50),(1031,21,2,'1935-10-24',75,38.50),(1032,15,6,'1927-05-13',86,34.75),(1033,15,4,'1924-06-11',82,29.25),(1034,17,4,'1932-11-23',45,93.50),(1035,14,6,'1935-06-21',112,17.00),(1036,6,5,'1940-08-17',56,87.00),(1037,6,6,'1930-06-07',76,82.50),(1038,13,8,'1936-03-12',34,46.00),(1039,16,8,'1927-10-01',44,31.75),(1040,10,5,'1924-07-11',65,47.50),(1041,8,4,'1939-06-22',31,35.50),(1042,13,4,'1935-03-14',52,35.25),(1043,25,6,'1928-06-15',81,48.25),(1044,21,4,'1939-01-03',18,NULL),(1045,3,8,'1931-08-19',77,35.25),(1046,13,3,'1933-07-01',78,35.00),(1047,10,6,'1936-01-17',95,33.25),(1048,14,2,'1936-04-12',115,60.75),(1049,8,1,'1930-05-22',66,64.00),(1050,22,2,'1920-01-03',120,71.50),(1051,13,5,'1937-11-02',7,22.00),(1052,10,1,'1923-03-20',93,43.50),(1053,8,1,'1933-12-28',30,47.50),(1054,13,9,'1937-05-28',78,36.25),(1055,25,2,'1935-04-13',11,92.50),(1056,1,2,'1934-04-19',87,72.75),(1057,17,6,'1930-06-20',85,17.50),(1058,25,8,'1931-09-06',24,19.00),(1059,6,5,'1929-08-02',18,38.00),(1060,14,3,'1933-07-23',103,25.25),(1061,1,1,'1920-08-16',77,43.00),(1062,24,6,'1923-06-11',83,39.75),(1063,8,6,'1936-04-11',72,29.50),(1064,8,1,'1931-08-12',15,93.25),(1065,21,6,'1937-04-20',89,15.50),(1066,21,2,'1938-07-15',40,59.25),(1067,10,9,'1934-03-23',120,76.00),(1068,20,8,'1936-08-07',39,78.75),(1069,8,12,'1939-07-12',51,62.00),(1070,24,2,'1934-06-12',9,14.50);
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
INSERT INTO `basket` VALUES (201,17,5,5.5,'2021-07-28','dry'),(202,5,12,9.5,'2021-02-08','misty'),(203,17,17,7.5,'2021-07-09','dry'),(204,11,9,1,'2022-08-09','stormy'),(205,17,17,10.5,'2021-09-22','misty'),(206,11,8,5,'2022-12-15','stormy'),(207,5,15,9.5,'2020-12-20','rainy'),(208,12,8,9,'2021-07-28','dry'),(209,1,8,9.5,'2022-05-22','rainy'),(210,18,9,11,'2020-07-14','rainy'),(211,8,1,11,'2022-03-07','rainy'),(212,5,10,12,'2021-01-05','dry'),(213,18,2,8,'2021-09-01','rainy'),(214,6,17,2.5,'2022-04-28',NULL),(215,14,1,4,'2020-11-04','misty'),(216,26,12,5.5,'2021-04-17','dry'),(217,16,9,9,'2022-06-18','misty'),(218,13,2,13,'2022-12-11','misty'),(219,11,4,6.5,'2022-01-01',NULL),(220,1,11,13,'2022-10-25','misty'),(221,16,10,6.5,'2020-01-13','dry'),(222,2,13,5.5,'2020-05-21','stormy'),(223,26,13,11.5,'2020-10-10','stormy'),(224,7,11,6.5,'2020-05-08','rainy'),(225,2,17,5.5,'2021-05-26','dry'),(226,28,12,7,'2022-02-28','dry'),(227,16,1,4,'2021-01-24','misty'),(228,16,4,13.5,'2022-08-28','stormy'),(229,21,12,14,'2021-11-11','misty'),(230,16,11,14,'2022-09-05','dry'),(231,15,17,2,'2020-03-08',NULL),(232,13,16,10.5,'2021-09-27','rainy'),(233,28,8,6,'2020-12-10',NULL),(234,6,12,8,'2021-08-24','misty'),(235,11,13,5,'2022-08-06','misty'),(236,21,15,11,'2020-04-14','misty'),(237,17,11,7.5,'2021-04-20',NULL),(238,21,10,12,'2022-05-05','rainy'),(239,1,6,3.5,'2021-05-26','misty'),(240,17,13,14,'2020-09-12','rainy'),(241,6,13,3.5,'2020-04-18','dry'),(242,27,13,2.5,'2020-03-05','rainy'),(243,3,15,1.5,'2020-08-22','dry'),(244,2,2,10.5,'2021-02-18','stormy'),(245,9,5,6.5,'2020-11-06','dry'),(246,11,16,11.5,'2020-07-22','dry'),(247,17,17,14,'2020-10-17','dry'),(248,1,10,7.5,'2022-11-20','dry'),(249,17,10,9,'2022-11-12','dry'),(250,8,15,14,'2020-10-02','stormy'),(251,1,5,9,'2020-10-07','dry'),(252,17,9,10,'2022-08-22','rainy'),(253,21,12,11,'2022-03-01','stormy'),(254,2,14,12.5,'2022-10-22','dry'),(255,11,15,1,'2020-08-04','rainy'),(256,17,9,13,'2020-12-08','stormy'),(257,5,14,11,'2020-08-18','dry'),(258,2,10,1.5,'2020-08-08','dry'),(259,16,14,11.5,'2021-01-03','rainy'),(260,7,9,5,'2020-08-04','dry'),(261,13,4,5.5,'2022-02-18','rainy'),(262,2,6,1,'2022-10-07','stormy'),(263,17,8,9,'2020-09-17','rainy'),(264,3,2,9.5,'2022-04-23','stormy'),(265,17,14,2,'2022-03-09','dry'),(266,18,11,11.5,'2020-09-10','dry'),(267,5,5,6.5,'2022-04-22','dry'),(268,22,13,1,'2022-05-02','rainy'),(269,22,9,6.5,'2020-08-21','rainy'),(270,13,11,1,'2020-06-08','misty'),(271,20,14,14,'2021-05-05','misty'),(272,19,5,13.5,'2021-05-07','misty'),(273,15,8,4,'2020-08-08','stormy'),(274,17,6,8,'2021-06-07','misty'),(275,22,12,5,'2020-06-15','dry');
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
INSERT INTO `forager` VALUES (1,'Delphe Thistlewood','Mossend',1993,'2016'),(2,'Aldo Thistlewood','Dampstead',1991,'2019'),(3,'Ulla Merriden','Fernley',1998,'2015'),(4,'Ulla Merriden','Fernley',1997,'2016'),(5,'Runa Pennyfold','Fernley',1987,'2013'),(6,'Tamsin Hollinrake','Mossend',1981,'1997'),(7,'Delphe Vexley','Mossend',1967,'2016'),(8,'Delphe Dunmarrow','Dampstead',1949,'1977'),(9,'Viggo Ellingby','Dampstead',1970,'2004'),(10,'Kasimir Jessop','Fernley',1983,'2014'),(11,'Odo Ellingby','Dampstead',1988,'2018'),(12,'Kasimir Pennyfold','Dampstead',1989,'2014'),(13,'Fenna Yarrowdale','Dampstead',1963,'1985'),(14,'Quill Jessop','Fernley',1975,'2009'),(15,'Aldo Ravensworth','Mossend',1984,'2016'),(16,'Eskil Underhay','Dampstead',1948,'1979'),(17,'Petra Quarrendon','Fernley',1969,'1987'),(18,'Fenna Fosterwick','Fernley',1979,'2010'),(19,'Runa Lowmoor','Dampstead',1951,'1983'),(20,'Garrick Ravensworth','Dampstead',1955,'2003'),(21,'Liesel Ravensworth','Dampstead',1972,'2017'),(22,'Aldo Thistlewood','Dampstead',1968,NULL),(23,'Garrick Underhay','Underbough',1986,NULL),(24,'Quill Fosterwick','Fernley',1949,'1976'),(25,'Wenna Nightingale','Dampstead',1988,'2009'),(26,'Marek Fosterwick','Dampstead',1997,'2018'),(27,'Nerys Ravensworth','Underbough',1978,'2007'),(28,'Eskil Vexley','Mossend',1960,'2000');
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
INSERT INTO `variety` VALUES (1,'Ink Cap','brown',41.75),(2,'Candle Button','violet',6.75),(3,'Candle Trumpet','violet',47.25),(4,'Honey Button','yellow',12.00),(5,'Velvet Bonnet','violet',11.25),(6,'Velvet Shelf','white',35.25),(7,'Ink Bonnet','brown',33.75),(8,'Lantern Cap','violet',6.25),(9,'Candle Bonnet','violet',3.50),(10,'Velvet Button','white',33.00),(11,'Toadstone Bonnet','red',11.50),(12,'Toadstone Cap','red',32.50),(13,'Ink Trumpet','violet',25.75),(14,'Honey Shelf','white',37.25),(15,'Candle Cap','yellow',40.75),(16,'Honey Cap','violet',14.00),(17,'Toadstone Trumpet','violet',10.00),(18,'Candle Shelf','brown',31.00);
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
INSERT INTO `clock` VALUES (1,'Tide Carillon',23,'ebony',1818,324.50),(2,'Owl Orrery',15,'oak',1800,405.00),(3,'Moon Timepiece',12,'oak',1829,242.50),(4,'Sparrow Alarum',21,'oak',1800,405.50),(5,'Tide Repeater',21,'ebony',1819,339.50),(6,'Harvest Wag',17,'oak',1812,326.00),(7,'Sparrow Orrery',1,'oak',1804,345.00),(8,'Pilgrim\'s Repeater',17,'oak',1796,393.50),(9,'Moon Wag',17,'ebony',1815,22.50),(10,'Harvest Alarum',20,'pear',1818,191.50),(11,'Harvest Regulator',10,'walnut',1724,70.50),(12,'Baker\'s Wag',13,'ebony',1802,NULL),(13,'Sparrow Timepiece',7,'walnut',1777,91.50),(14,'Pilgrim\'s Lantern',14,'oak',1812,317.00),(15,'Owl Alarum',24,'oak',1809,182.00),(16,'Baker\'s Orrery',6,'pear',1797,112.00),(17,'Pilgrim\'s Alarum',21,'walnut',1799,406.50),(18,'Sparrow Repeater',7,'pear',1792,256.00),(19,'Moon Regulator',8,'pear',1799,NULL),(20,'Baker\'s Timepiece',20,'oak',1788,222.50),(21,'Tide Alarum',5,'oak',1788,93.50),(22,'Owl Wag',4,'oak',1774,252.50),(23,'Harvest Repeater',6,'oak',1813,78.50),(24,'Baker\'s Lantern',23,'ebony',1802,210.00),(25,'Tide Regulator',23,'ebony',1798,255.50),(26,'Sparrow Lantern',5,'walnut',1800,115.50),(27,'Tide Lantern',10,'ebony',1729,111.50),(28,'Pilgrim\'s Timepiece',7,'pear',1762,75.00),(29,'Harvest Timepiece',3,'oak',1831,NULL),(30,'Owl Carillon',21,'walnut',1811,NULL),(31,'Tide Wag',23,'ebony',1808,326.00),(32,'Owl Regulator',13,'walnut',1792,179.50),(33,'Harvest Carillon',2,'ebony',1806,113.00),(34,'Moon Lantern',5,'pear',1779,NULL),(35,'Sparrow Wag',10,'oak',1755,NULL),(36,'Moon Alarum',24,'ebony',1800,258.50),(37,'Owl Lantern',13,'oak',1802,381.50),(38,'Pilgrim\'s Carillon',17,'walnut',1806,239.00),(39,'Baker\'s Regulator',22,'pear',1792,214.50),(40,'Sparrow Regulator',14,'oak',1823,276.00),(41,'Moon Repeater',15,'oak',1767,193.50),(42,'Pilgrim\'s Orrery',7,'ebony',1764,80.00),(43,'Sparrow Carillon',21,'pear',1804,106.50),(44,'Baker\'s Carillon',10,'ebony',1745,NULL),(45,'Owl Timepiece',7,'oak',1763,134.50);
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
INSERT INTO `master` VALUES (1,'Jorun Kettleby',8,1774,'turret clocks'),(2,'Ivo Kettleby',5,1785,'watches'),(3,'Odo Ravensworth',3,1805,'watches'),(4,'Runa Abernock',2,1770,'dials'),(5,'Quill Kettleby',3,1778,'automata'),(6,'Runa Underhay',6,1791,'turret clocks'),(7,'Ulla Grimsaddle',5,1759,'turret clocks'),(8,'Liesel Lowmoor',9,1794,'automata'),(9,'Liesel Underhay',1,1782,'watches'),(10,'Eskil Hollinrake',10,1721,'automata'),(11,'Jorun Brackwater',8,1775,'automata'),(12,'Wenna Brackwater',5,1799,'dials'),(13,'Delphe Castelow',6,1765,'turret clocks'),(14,'Hedda Wintercott',3,1787,'watches'),(15,'Garrick Castelow',10,1764,'turret clocks'),(16,'Viggo Kettleby',9,1779,'automata'),(17,'Wenna Merriden',6,1778,'turret clocks'),(18,'Delphe Jessop',2,1738,'dials'),(19,'Liesel Fosterwick',8,1794,'automata'),(20,'Ivo Merriden',8,1787,'dials'),(21,'Tamsin Thistlewood',5,1785,'dials'),(22,'Ysolde Oakhanger',5,1754,'dials'),(23,'Nerys Merriden',9,1784,'dials'),(24,'Ysolde Quarrendon',3,1782,'turret clocks');
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
INSERT INTO `repair` VALUES (1,44,'broken spring',40,'1858-03-17'),(2,3,'bent hand',19,'1857-07-03'),(3,16,'bent hand',22,'1857-05-20'),(4,20,'bent hand',43,'1844-07-01'),(5,18,'broken spring',26,'1860-04-27'),(6,21,'bent hand',33,'1843-07-22'),(7,20,'broken spring',9,'1854-03-11'),(8,11,'cracked dial',37,'1856-03-05'),(9,33,'cracked dial',53,'1860-12-28'),(10,3,'worn pivot',23,'1848-11-27'),(11,17,'cracked dial',25,'1843-06-14'),(12,19,'cracked dial',14,'1844-04-01'),(13,29,'bent hand',47,'1844-03-02'),(14,7,'worn pivot',54,'1842-04-25'),(15,30,'broken spring',60,'1849-06-05'),(16,26,'broken spring',10,'1854-08-19'),(17,6,'worn pivot',25,'1859-08-15'),(18,31,'worn pivot',21,'1860-05-24'),(19,13,'bent hand',46,'1859-10-02'),(20,36,'bent hand',17,'1853-05-03'),(21,3,'worn pivot',41,'1856-01-28'),(22,11,'bent hand',29,'1850-09-06'),(23,21,'cracked dial',51,'1857-04-19'),(24,9,'cracked dial',7,'1859-07-08'),(25,13,'bent hand',19,'1844-07-06'),(26,36,'broken spring',37,'1858-01-27'),(27,13,'broken spring',39,'1852-06-06'),(28,14,'bent hand',17,'1860-05-14'),(29,7,'bent hand',37,'1856-08-08'),(30,3,'worn pivot',58,'1842-11-18'),(31,3,'broken spring',51,'1860-01-04'),(32,6,'bent hand',23,'1850-08-20'),(33,8,'bent hand',45,'1854-06-10'),(34,44,'worn pivot',6,'1856-10-18'),(35,18,'worn pivot',25,'1853-09-09'),(36,12,'worn pivot',53,'1856-07-01'),(37,11,'broken spring',41,'1851-05-01'),(38,6,'bent hand',45,'1853-12-04'),(39,42,'broken spring',57,'1846-07-22'),(40,43,'cracked dial',4,'1850-05-23');
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
INSERT INTO `workshop` VALUES (1,'Crooked Pendulum','Market',1772,5),(2,'Silent Hour','Market',1720,4),(3,'Golden Hour','Harbour',1773,16),(4,'Twelfth Mainspring','Market',1717,14),(5,'Crooked Pinion','Bell',1754,5),(6,'Twelfth Pendulum','Harbour',1755,5),(7,'Twelfth Pinion','Bell',1750,14),(8,'Silent Mainspring','Bell',1772,8),(9,'Silent Pinion','Harbour',1778,13),(10,'Golden Chime','Harbour',1711,12);
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
INSERT INTO `choir` VALUES (1,'Old Chapel Chorus','low',1937),(2,'Upper Chapel Chorus','mixed',1915),(3,'New Quarry Voices','mixed',1953),(4,'New Chapel Chorus','low',1950),(5,'New Ferry Harmonists','low',1894),(6,'Upper Quarry Voices','low',1921),(7,'Lower Valley Singers','low',1991),(8,'Old Mill Consort','mixed',1906),(9,'Upper Valley Singers','low',1893),(10,'Upper Mill Consort','low',1919),(11,'New Mill Consort','treble',1966),(12,'Lower Chapel Chorus','treble',1999),(13,'Upper Ferry Harmonists','mixed',1924),(14,'Old Ferry Harmonists','low',1911);
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
INSERT INTO `contest` VALUES (1,'Lantern Eisteddry','Lyddon',2014,1250.00),(2,'Harvest Trophy','Carrowby',2015,950.00),(3,'Spring Trophy','Lyddon',2016,850.00),(4,'Spring Gathering','Carrowby',2017,750.00),(5,'Spring Cup','Carrowby',2021,1300.00),(6,'Lantern Trophy','Lyddon',2014,1200.00),(7,'Frost Eisteddry','Lyddon',2021,550.00),(8,'Lantern Cup','Carrowby',2019,350.00),(9,'Frost Trophy','Lyddon',2013,1350.00),(10,'Spring Eisteddry','Stanniford',2020,650.00),(11,'Lantern Gathering','Pellmouth',2012,1300.00);
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
INSERT INTO `performance` VALUES (1,2,84,6),(1,5,75.5,9),(1,6,63.5,12),(1,7,64.5,11),(1,9,45.5,15),(2,1,76.5,6),(2,2,96.5,20),(2,3,95.5,20),(2,4,72.5,9),(2,6,79.5,22),(2,10,94.5,5),(3,1,82.5,20),(3,2,59,22),(3,4,66.5,21),(3,5,69.5,NULL),(3,6,64.5,17),(3,7,58,17),(3,9,86,8),(3,10,53.5,14),(3,11,94.5,14),(4,2,70.5,6),(4,4,77,8),(4,5,72.5,5),(4,6,56.5,NULL),(4,9,97,12),(5,1,69,19),(5,5,67,15),(5,6,81,13),(5,9,69,19),(8,2,49.5,17),(8,4,73.5,19),(8,5,79.5,12),(8,6,68.5,14),(8,7,90.5,11),(8,10,76.5,21),(8,11,75,13),(9,2,81.5,22),(9,5,86.5,22),(10,1,91.5,20),(10,2,78,10),(10,4,54,15),(10,5,80.5,8),(10,7,64,13),(10,9,60,9),(11,2,50,18),(11,7,44.5,9),(11,10,87,5),(12,1,55.5,6),(12,2,74,15),(12,5,52,5),(12,9,51,11),(13,1,60.5,11),(13,5,96,13),(13,6,76.5,19),(13,10,59.5,8),(13,11,90.5,15),(14,1,72.5,20),(14,5,85,18),(14,7,49.5,15),(14,11,65.5,21);
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
INSERT INTO `singer` VALUES (1,'Severin Thistlewood',11,'alto',1992,'2011-07-25'),(2,'Nerys Yarrowdale',2,'soprano',1965,'2016-05-24'),(3,'Brenna Ellingby',2,'tenor',1956,'2021-06-16'),(4,'Nerys Kettleby',7,'tenor',1957,'2004-04-06'),(5,'Petra Pennyfold',12,'tenor',1951,'2005-09-28'),(6,'Kasimir Quarrendon',NULL,'soprano',1958,'2006-08-20'),(7,'Marek Abernock',12,'tenor',1990,'2015-12-21'),(8,'Corin Castelow',9,'bass',2001,'2018-05-23'),(9,'Ysolde Quarrendon',10,'tenor',1949,'2020-09-27'),(10,'Ysolde Vexley',10,'soprano',1945,'2008-10-12'),(11,'Ivo Sallowfield',9,'tenor',1946,'2007-12-09'),(12,'Odo Oakhanger',12,'tenor',1993,'2019-07-25'),(13,'Tamsin Ironmonger',9,'alto',1955,'2006-06-09'),(14,'Wenna Ironmonger',9,'soprano',1998,'2012-07-11'),(15,'Tamsin Ironmonger',1,'bass',1992,'2018-11-08'),(16,'Fenna Sallowfield',1,'bass',1944,'2018-03-13'),(17,'Viggo Nightingale',10,'tenor',1938,'2006-06-28'),(18,'Fenna Pennyfold',10,'bass',1990,NULL),(19,'Kasimir Wintercott',10,'tenor',1998,'2017-01-21'),(20,'Viggo Brackwater',8,'bass',1945,NULL),(21,'Tamsin Yarrowdale',12,'soprano',2003,'2019-10-21'),(22,'Viggo Dunmarrow',NULL,'tenor',1959,'2013-12-18'),(23,'Tamsin Nightingale',10,'tenor',1953,'2019-06-13'),(24,'Ysolde Hollinrake',4,'alto',1955,'2019-01-24'),(25,'Runa Ravensworth',12,'tenor',1954,'2006-08-14'),(26,'Garrick Yarrowdale',7,'soprano',1953,'2015-08-08'),(27,'Quill Sallowfield',1,'tenor',2003,'2017-10-02'),(28,'Garrick Jessop',2,'tenor',1987,'2001-10-22'),(29,'Ivo Kettleby',5,'bass',1997,NULL),(30,'Ysolde Ironmonger',4,'tenor',1953,'2004-04-18'),(31,'Quill Oakhanger',10,'alto',1985,'2008-02-22'),(32,'Marek Nightingale',10,'alto',1954,NULL),(33,'Nerys Thistlewood',NULL,'tenor',1968,'2013-06-19'),(34,'Runa Quarrendon',8,'tenor',1989,'2012-04-22'),(35,'Quill Ellingby',10,'alto',1953,'2015-09-27'),(36,'Quill Merriden',12,'alto',1977,'2008-07-26'),(37,'Marek Underhay',NULL,'soprano',1997,'2017-07-12'),(38,'Fenna Castelow',10,'alto',1979,'2012-11-15'),(39,'Aldo Sallowfield',4,'alto',1971,'2021-01-05'),(40,'Hedda Pennyfold',12,'bass',1950,'2003-03-07'),(41,'Ysolde Ravensworth',9,'bass',1991,'2010-06-08'),(42,'Kasimir Underhay',4,'bass',1975,'2007-05-03'),(43,'Severin Ironmonger',10,'bass',1997,NULL),(44,'Fenna Wintercott',9,'tenor',1940,'2016-01-16'),(45,'Fenna Merriden',8,'tenor',1980,'2001-01-21'),(46,'Garrick Abernock',11,'bass',1971,'2007-11-09'),(47,'Ivo Grimsaddle',10,'tenor',1972,'2007-01-27'),(48,'Odo Wintercott',12,'alto',1971,'2007-06-07'),(49,'Delphe Kettleby',10,'alto',1971,'2019-08-05'),(50,'Garrick Brackwater',NULL,'tenor',1970,'2002-11-14'),(51,'Aldo Oakhanger',5,'alto',1978,'2005-01-19'),(52,'Fenna Pennyfold',2,'alto',1983,'2013-06-24'),(53,'Eskil Oakhanger',2,'bass',1960,'2010-08-02'),(54,'Odo Ellingby',10,'alto',1992,'2012-11-17'),(55,'Ulla Ravensworth',7,'tenor',1958,'2008-06-17'),(56,'Runa Abernock',9,'bass',1940,NULL),(57,'Marek Brackwater',NULL,'alto',1961,NULL),(58,'Quill Brackwater',8,'tenor',1958,'2018-11-16'),(59,'Runa Oakhanger',10,'alto',2002,'2021-02-03'),(60,'Liesel Hollinrake',10,'bass',1983,'2011-06-22'),(61,'Ysolde Castelow',10,'tenor',1998,'2020-07-15'),(62,'Ivo Fosterwick',8,'tenor',1945,'2003-03-19'),(63,'Aldo Yarrowdale',12,'bass',2003,'2018-06-04'),(64,'Tamsin Pennyfold',4,'bass',1962,'2015-06-26');
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
INSERT INTO `carver` VALUES (1,'Delphe Quarrendon','Gluepot Hill',1973),(2,'Ysolde Vexley','Gluepot Hill',1961),(3,'Ulla Lowmoor','Splinterby',1927),(4,'Ivo Ironmonger','Gluepot Hill',1949),(5,'Odo Castelow','Gluepot Hill',1976),(6,'Liesel Hollinrake','Gluepot Hill',1942),(7,'Ysolde Ravensworth','Tallowgate',1934),(8,'Aldo Underhay','Tallowgate',1930),(9,'Nerys Ravensworth','Gluepot Hill',1939),(10,'Eskil Merriden','Gluepot Hill',1955),(11,'Delphe Nightingale','Gluepot Hill',1941),(12,'Corin Hollinrake','Gluepot Hill',1943);
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
INSERT INTO `play` VALUES (1,'The Miser From Marrow Hill','farce','2008-03-20',NULL),(2,'The Miser In the Well','fable','1989-08-23',1939.00),(3,'The Goose In the Well','tragedy','1991-11-11',350.00),(4,'The Tinker In the Well','farce','2004-04-03',1332.50),(5,'The Goose Who Would Not Sleep','tragedy','2001-08-28',5055.50),(6,'The Candle Meets a Thief','romance','1989-09-11',3812.00),(7,'The Goose Meets a Thief','romance','2007-09-14',3026.00),(8,'The Candle From Marrow Hill','fable','1988-04-27',4590.50),(9,'The Tinker Meets a Thief','farce','1999-08-09',NULL),(10,'The Goose From Marrow Hill','tragedy','2006-06-11',648.00),(11,'The Tinker From Marrow Hill','tragedy','1996-03-03',1135.50),(12,'The Moon In the Well','farce','2018-08-28',4185.00),(13,'The Candle In the Well','tragedy','2013-02-21',NULL),(14,'The Candle Who Would Not Sleep','fable','2003-05-21',527.50);
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
INSERT INTO `puppet` VALUES (1,'Lady Grizzle',9,'shadow',15,89.5),(2,'Baron Crumb',8,'shadow',15,48),(3,'Little Fiddlestick',1,'glove',12,62),(4,'Little Nettle',1,'rod',16,67),(5,'Old Pickerel',9,'marionette',12,24),(6,'Little Grizzle',1,'rod',17,48.5),(7,'Lady Moth',1,'shadow',5,25),(8,'Captain Tansy',12,'rod',3,78.5),(9,'Captain Pickerel',1,'glove',15,92.5),(10,'Little Moth',NULL,'shadow',5,24.5),(11,'Lady Nettle',1,'glove',0,33.5),(12,'Doctor Grizzle',5,'rod',6,52.5),(13,'Old Tansy',6,'rod',6,66.5),(14,'Doctor Moth',6,'rod',13,51),(15,'Doctor Tansy',5,'rod',7,88),(16,'Little Tansy',10,'shadow',11,36.5),(17,'Lady Tansy',1,'marionette',17,51.5),(18,'Baron Moth',12,'marionette',11,73.5),(19,'Doctor Pickerel',10,'marionette',13,37.5),(20,'Baron Nettle',1,'glove',10,51.5),(21,'Old Crumb',7,'glove',7,87.5),(22,'Old Grizzle',1,'rod',7,92),(23,'Baron Pickerel',9,'marionette',11,29.5),(24,'Doctor Nettle',6,'shadow',8,55.5),(25,'Captain Grizzle',10,'glove',10,91.5),(26,'Old Moth',11,'shadow',13,49),(27,'Doctor Fiddlestick',1,'glove',0,70.5),(28,'Baron Grizzle',4,'marionette',3,57),(29,'Lady Fiddlestick',12,'rod',8,50),(30,'Lady Pickerel',5,'glove',0,22.5),(31,'Old Fiddlestick',4,'shadow',16,94.5),(32,'Baron Fiddlestick',1,'shadow',11,77.5),(33,'Little Crumb',1,'marionette',0,65),(34,'Doctor Crumb',1,'marionette',17,85.5);
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
INSERT INTO `role` VALUES (2,1,5,'merry'),(3,4,1,'merry'),(4,1,122,'gentle'),(4,6,96,'sour'),(4,10,9,'sour'),(6,2,45,'sour'),(6,7,65,'sour'),(6,14,130,'merry'),(7,3,11,'sour'),(7,6,133,'merry'),(7,7,46,'gentle'),(7,9,57,'sly'),(7,14,62,'merry'),(8,5,41,'sour'),(8,11,104,'gentle'),(8,13,94,'merry'),(9,4,118,'merry'),(9,11,126,'sour'),(9,14,125,'sly'),(10,5,84,'sly'),(10,7,137,'sour'),(12,10,115,'sly'),(14,1,99,'sly'),(14,3,94,'merry'),(14,5,58,'sly'),(14,7,23,'merry'),(16,4,84,'gentle'),(17,6,49,'sly'),(18,4,113,'merry'),(18,5,20,'gentle'),(18,6,54,'merry'),(18,14,14,'merry'),(20,6,105,'merry'),(20,10,106,'sly'),(21,4,26,'gentle'),(21,7,6,'gentle'),(21,9,117,'merry'),(23,6,5,'sly'),(23,13,54,'sly'),(24,4,84,'merry'),(27,1,128,'merry'),(27,2,116,'sly'),(27,4,34,'merry'),(27,5,51,'merry'),(27,6,135,'sly'),(27,9,26,'merry'),(27,14,138,'sour'),(28,1,93,'merry'),(28,4,83,'sly'),(28,7,140,'sour'),(28,14,83,'sly'),(29,5,64,'merry'),(29,7,51,'gentle'),(29,10,140,'sly'),(32,11,76,'sour'),(32,14,11,'merry'),(33,4,108,'gentle'),(34,1,129,'sour');
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
INSERT INTO `harvest` VALUES (1,12,2016,12,'table'),(2,5,2019,27.25,'juice'),(3,23,2021,29.25,'juice'),(4,11,2016,37,'table'),(5,23,2016,13.75,'cider'),(6,26,2016,20.5,'juice'),(7,22,2021,19.5,'juice'),(8,26,2017,1,'table'),(9,10,2019,16,'juice'),(10,19,2015,21.75,'juice'),(11,11,2018,36.75,'cider'),(12,7,2021,1,'juice'),(13,18,2021,31.75,'table'),(14,13,2019,14,'juice'),(15,17,2015,22.75,NULL),(16,4,2015,12.5,'table'),(17,23,2020,14.75,'juice'),(18,12,2015,12.25,'table'),(19,19,2019,1,'juice'),(20,18,2018,6.25,'juice'),(21,17,2019,2.25,'juice'),(22,22,2020,17.75,'juice'),(23,22,2017,8.25,'cider'),(24,1,2021,3.25,'juice'),(25,13,2020,37.75,'table'),(26,21,2021,31.25,'juice'),(27,12,2018,14.5,'cider'),(28,17,2017,4.75,'table'),(29,13,2018,13.5,'juice'),(30,6,2015,4.25,'table'),(31,18,2021,4.75,'cider'),(32,26,2015,23,'juice'),(33,13,2016,2.5,'juice'),(34,7,2018,26.75,'cider'),(35,20,2016,22.75,NULL),(36,10,2018,17,'juice'),(37,22,2015,26.25,'table'),(38,11,2016,1.25,'table'),(39,22,2018,12.5,'table'),(40,4,2021,17.75,'juice'),(41,6,2018,25.5,'juice'),(42,20,2020,5,'table'),(43,4,2016,18.25,'juice'),(44,28,2021,12.25,'table'),(45,26,2018,13,'cider'),(46,7,2021,20,'juice'),(47,25,2020,27.5,'juice'),(48,19,2021,16.5,'cider'),(49,27,2016,25.75,'juice'),(50,29,2015,36.75,'cider'),(51,13,2020,21.25,'table'),(52,26,2015,26.25,NULL),(53,5,2019,29.25,'table'),(54,22,2020,23,'cider'),(55,26,2016,29,'cider'),(56,21,2016,25.25,'juice'),(57,11,2021,26.25,'cider'),(58,10,2017,33.75,'juice'),(59,15,2020,16,'juice'),(60,7,2017,21,'juice'),(61,8,2021,33.5,'juice'),(62,16,2017,2.25,'cider'),(63,25,2020,6.5,'cider'),(64,10,2018,24.5,'table'),(65,7,2015,24.25,'table'),(66,29,2020,15.75,'cider'),(67,13,2015,8.25,'juice'),(68,4,2021,6.5,'juice'),(69,23,2016,34.75,'juice'),(70,26,2019,25.75,'cider'),(71,12,2015,27.5,'juice'),(72,22,2015,22.75,'juice');
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
INSERT INTO `orchard` VALUES (1,'Beggar\'s Hollow',1,'quinces',117,'1978'),(2,'Hare Slope',4,'pears',204,'1907'),(3,'Magpie Acre',2,'quinces',346,'1952'),(4,'Long Slope',3,'apples',568,'1943'),(5,'Windfall Acre',3,'medlars',432,'1996'),(6,'Beggar\'s Close',2,'pears',563,'1919'),(7,'Magpie Close',8,'quinces',585,'1955'),(8,'Parson\'s Hollow',8,'quinces',353,'1932'),(9,'Long Acre',1,'quinces',42,'1977'),(10,'Hare Bottom',1,'quinces',135,'1947'),(11,'Magpie Hollow',1,'quinces',94,'1959'),(12,'Magpie Garth',8,'apples',129,'1967'),(13,'Beggar\'s Garth',7,'quinces',56,'1902'),(14,'Hare Hollow',8,'medlars',622,'1914'),(15,'Long Bottom',7,'quinces',362,'1918'),(16,'Hare Acre',3,'plums',209,'1905'),(17,'Parson\'s Garth',2,'quinces',543,'1968'),(18,'Parson\'s Acre',1,'quinces',594,'1911'),(19,'Windfall Garth',1,'medlars',446,'1937'),(20,'Parson\'s Slope',3,'pears',97,'1956'),(21,'Windfall Hollow',3,'pears',212,'1955'),(22,'Magpie Slope',8,'medlars',464,'1918'),(23,'Hare Garth',2,'quinces',65,'1950'),(24,'Beggar\'s Slope',3,'quinces',241,'1984'),(25,'Beggar\'s Acre',3,'quinces',478,'1957'),(26,'Parson\'s Bottom',7,'apples',82,'1985'),(27,'Long Hollow',1,'plums',344,'1991'),(28,'Hare Close',6,'medlars',569,'1910'),(29,'Beggar\'s Bottom',4,'quinces',269,'1903'),(30,'Windfall Bottom',7,'plums',47,'1966');
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
INSERT INTO `parish` VALUES (1,'Pippin Thorpe',878,'clay'),(2,'Rook Thorpe',2824,'loam'),(3,'Blossom Combe',2375,'loam'),(4,'Blossom Wold',3813,'clay'),(5,'Cider Thorpe',1684,'loam'),(6,'Pippin Combe',2536,'clay'),(7,'Blossom Minster',2877,'chalk'),(8,'Pippin Minster',1518,'clay'),(9,'Cider Combe',3586,'clay');
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
INSERT INTO `estuary` VALUES (1,'Silt Creek',7,'western'),(2,'Samphire Water',6.5,'western'),(3,'Oyster Creek',4,'eastern'),(4,'Curlew Haven',5,'eastern'),(5,'Silt Haven',3.25,'western'),(6,'Oyster Water',4.25,'eastern'),(7,'Samphire Creek',4.25,'western'),(8,'Samphire Haven',4.5,'eastern'),(9,'Silt Water',4.5,'eastern');
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
INSERT INTO `mill` VALUES (1,'Spring Stone Mill',1,1600,1,17,'malt'),(2,'Ebb Pond Mill',3,1739,2,15.5,'malt'),(3,'Neap Wheel Mill',7,1632,5,36.5,'snuff'),(4,'Brine Wheel Mill',3,1704,2,26.5,'flour'),(5,'Spring Gate Mill',6,NULL,4,21.5,'paper'),(6,'Ebb Gate Mill',9,1803,4,48,'flour'),(7,'Brine Stone Mill',3,1635,5,65.5,'paper'),(8,'Brine Gate Mill',2,1807,3,9,'paper'),(9,'Spring Sluice Mill',1,1598,1,72,'paper'),(10,'Neap Pond Mill',1,1700,2,7.5,'malt'),(11,'Ebb Sluice Mill',9,1656,4,52,'paper'),(12,'Brine Pond Mill',1,1579,2,72,'paper'),(13,'Slack Stone Mill',1,1567,5,11.5,'snuff'),(14,'Neap Stone Mill',7,1797,3,61.5,'malt'),(15,'Ebb Wheel Mill',9,1687,2,53,'malt'),(16,'Ebb Causey Mill',2,1602,3,56,'snuff'),(17,'Slack Pond Mill',5,NULL,1,18,'snuff'),(18,'Brine Causey Mill',9,1674,5,12,'paper'),(19,'Slack Wheel Mill',9,NULL,4,53,'paper'),(20,'Neap Gate Mill',5,1760,1,14.5,'malt'),(21,'Neap Sluice Mill',2,1726,1,14,'malt'),(22,'Spring Causey Mill',2,NULL,2,56.5,'paper'),(23,'Ebb Stone Mill',6,1817,4,69.5,'malt'),(24,'Brine Sluice Mill',7,1618,2,41,'paper'),(25,'Neap Causey Mill',3,NULL,2,69,'paper'),(26,'Spring Pond Mill',1,1732,1,37.5,'flour'),(27,'Spring Wheel Mill',1,1765,4,10,'malt'),(28,'Slack Gate Mill',9,1654,4,44,'paper');
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
INSERT INTO `miller` VALUES (1,'Severin Vexley',13,216.00,'2008-11-09','stone'),(2,'Jorun Thistlewood',3,361.50,'2015-05-02','stone'),(3,'Corin Merriden',8,562.00,'2015-12-21',NULL),(4,'Brenna Castelow',3,284.00,'2001-08-01','sluice'),(5,'Tamsin Kettleby',18,297.50,'2006-07-01','boat'),(6,'Hedda Ironmonger',12,537.00,'2013-12-02','boat'),(7,'Garrick Quarrendon',21,562.50,'2019-06-27','sack'),(8,'Ysolde Quarrendon',3,632.50,'2018-11-17','sluice'),(9,'Nerys Kettleby',16,239.50,'2011-02-04','stone'),(10,'Severin Vexley',9,443.00,'2017-10-02','sluice'),(11,'Delphe Hollinrake',13,235.50,'2012-05-28','stone'),(12,'Ulla Yarrowdale',26,321.00,'2009-07-22','stone'),(13,'Viggo Pennyfold',13,233.50,'2012-07-14','stone'),(14,'Tamsin Vexley',10,556.50,'2002-04-22',NULL),(15,'Jorun Thistlewood',15,370.00,'2003-06-11','boat'),(16,'Petra Merriden',15,516.00,'2005-07-22','sluice'),(17,'Liesel Sallowfield',12,319.50,'2003-06-12','sack'),(18,'Severin Ironmonger',26,304.00,'2003-01-04','stone'),(19,'Aldo Ironmonger',17,368.00,'2008-06-26','stone'),(20,'Hedda Hollinrake',28,243.00,'2012-07-23','sluice'),(21,'Runa Sallowfield',19,331.00,'2004-08-24','boat'),(22,'Odo Ironmonger',23,246.50,'2017-06-07','sluice'),(23,'Hedda Dunmarrow',15,421.00,'2017-01-15','stone'),(24,'Hedda Quarrendon',28,508.50,'2016-03-18','stone'),(25,'Petra Jessop',13,597.00,'2006-08-04',NULL),(26,'Liesel Jessop',14,571.50,'2015-08-07','boat'),(27,'Ulla Quarrendon',13,364.50,'2008-09-09','sluice'),(28,'Liesel Nightingale',12,211.50,'2000-12-18','boat'),(29,'Viggo Sallowfield',25,427.50,'2019-02-16','stone'),(30,'Jorun Castelow',14,512.50,'1998-03-17','sluice'),(31,'Ysolde Ellingby',26,521.50,'2009-02-11','sack'),(32,'Delphe Abernock',20,503.50,'2015-04-26','sluice'),(33,'Liesel Thistlewood',14,456.50,'1998-11-11','sluice'),(34,'Aldo Ellingby',1,271.50,'1999-08-28','sack'),(35,'Runa Jessop',20,317.00,'2009-10-08','sluice'),(36,'Ysolde Thistlewood',17,572.50,'2004-10-04','boat'),(37,'Ulla Lowmoor',6,538.50,'2000-11-01','sluice'),(38,'Garrick Ravensworth',16,532.50,'2013-11-04','boat'),(39,'Eskil Oakhanger',5,382.50,'2016-01-28','boat'),(40,'Ysolde Oakhanger',27,287.50,'2007-02-04','stone'),(41,'Runa Ellingby',1,630.50,'2015-10-04','sack'),(42,'Ulla Wintercott',19,230.50,'2003-02-22','sluice'),(43,'Severin Quarrendon',12,475.00,'2005-05-08','sack'),(44,'Odo Jessop',6,571.00,'1999-08-09','sluice');
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
INSERT INTO `club` VALUES (1,'Breeze Society','lake',78),(2,'Breeze Chasers','moor',54),(3,'Breeze Wardens','dune',153),(4,'Updraft Society','dune',145),(5,'Squall Wardens','dune',62),(6,'Squall Society','dune',38),(7,'Gale Chasers','lake',159),(8,'Updraft Circle','moor',27),(9,'Squall Chasers','dune',84),(10,'Gale Society','dune',95);
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
INSERT INTO `flier` VALUES (1,'Runa Kettleby',6,22,'veteran'),(2,'Kasimir Underhay',6,38,'veteran'),(3,'Corin Fosterwick',4,67,'veteran'),(4,'Ulla Quarrendon',3,12,'veteran'),(5,'Runa Yarrowdale',9,11,'veteran'),(6,'Severin Underhay',9,54,'novice'),(7,'Kasimir Yarrowdale',7,39,'open'),(8,'Kasimir Jessop',1,72,'veteran'),(9,'Jorun Yarrowdale',3,24,'veteran'),(10,'Ivo Ravensworth',10,62,'veteran'),(11,'Fenna Lowmoor',6,32,'open'),(12,'Quill Sallowfield',10,28,'veteran'),(13,'Nerys Jessop',10,13,'veteran'),(14,'Severin Yarrowdale',6,73,'open'),(15,'Hedda Wintercott',9,41,'open'),(16,'Hedda Grimsaddle',NULL,72,'veteran'),(17,'Ulla Hollinrake',3,52,'novice'),(18,'Ysolde Wintercott',3,71,'novice'),(19,'Petra Yarrowdale',1,67,'veteran'),(20,'Nerys Underhay',7,67,'veteran'),(21,'Tamsin Abernock',5,40,'open'),(22,'Tamsin Kettleby',7,23,'veteran'),(23,'Hedda Kettleby',8,48,'open'),(24,'Petra Ellingby',1,60,'open'),(25,'Marek Abernock',NULL,66,'veteran'),(26,'Ysolde Fosterwick',7,63,'veteran'),(27,'Garrick Abernock',1,22,'open'),(28,'Marek Wintercott',6,52,'veteran'),(29,'Kasimir Dunmarrow',8,48,'veteran'),(30,'Runa Wintercott',8,40,'novice'),(31,'Nerys Hollinrake',NULL,25,'open'),(32,'Petra Thistlewood',1,71,'veteran'),(33,'Ysolde Dunmarrow',3,18,'veteran'),(34,'Tamsin Jessop',7,32,'open'),(35,'Ivo Pennyfold',9,40,'novice'),(36,'Corin Sallowfield',7,27,'veteran');
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
INSERT INTO `kite` VALUES (1,'Scarlet Lantern',28,'silk',6.75,352,'2019-04-15'),(2,'Tattered Kestrel',26,'silk',6.25,440,'2021-09-09'),(3,'Paper Serpent',17,'paper',4.75,259,'2018-09-14'),(4,'Hungry Comet',5,'silk',8,373,'2013-02-24'),(5,'Tattered Jester',24,'nylon',5,191,'2011-06-26'),(6,'Midnight Jester',35,'linen',3,400,'2015-01-14'),(7,'Hungry Serpent',35,'nylon',2.75,185,'2016-03-09'),(8,'Tattered Mantis',9,'silk',1.75,67,'2015-10-07'),(9,'Midnight Serpent',22,'paper',2.5,120,'2019-12-03'),(10,'Tattered Comet',26,'silk',8.5,NULL,'2014-06-21'),(11,'Midnight Comet',4,'silk',8.75,429,'2019-01-13'),(12,'Hungry Jester',3,'paper',7,63,'2017-10-17'),(13,'Dizzy Mantis',35,'silk',1.75,78,'2021-08-27'),(14,'Hungry Swift',15,'silk',6.75,119,'2022-03-05'),(15,'Paper Jester',23,'nylon',4.75,NULL,'2010-09-28'),(16,'Scarlet Kestrel',35,'silk',3,255,'2012-06-20'),(17,'Tattered Serpent',5,'paper',8,64,'2013-02-02'),(18,'Midnight Kestrel',22,'silk',4.5,350,'2022-05-25'),(19,'Tattered Lantern',26,'silk',2,264,'2014-03-07'),(20,'Tattered Dragon',33,'nylon',5.75,102,'2022-12-02'),(21,'Midnight Lantern',4,'linen',3.75,455,'2020-06-10'),(22,'Paper Comet',28,'silk',2.75,104,'2010-08-17'),(23,'Scarlet Jester',6,'linen',4.5,234,'2022-07-28'),(24,'Hungry Kestrel',4,'linen',6,255,'2016-02-02'),(25,'Paper Kestrel',11,'linen',2.75,169,'2010-11-23'),(26,'Hungry Lantern',36,'silk',8,287,'2021-05-17'),(27,'Scarlet Dragon',28,'paper',3.25,195,'2014-12-11'),(28,'Dizzy Swift',25,'silk',5.5,92,'2018-06-06'),(29,'Midnight Dragon',17,'nylon',4,245,'2014-05-24'),(30,'Tattered Ghost',19,'silk',2.5,444,'2012-04-15'),(31,'Scarlet Swift',25,'silk',2.25,249,'2017-12-19'),(32,'Dizzy Dragon',8,'nylon',8.25,408,'2017-12-23'),(33,'Dizzy Jester',26,'silk',6.5,263,'2012-03-09'),(34,'Paper Mantis',7,'silk',6.75,NULL,'2015-01-28'),(35,'Scarlet Mantis',14,'silk',3.75,291,'2018-02-16'),(36,'Paper Swift',14,'paper',8.25,293,'2013-12-16'),(37,'Dizzy Lantern',15,'silk',5.75,400,'2021-04-02'),(38,'Midnight Ghost',22,'linen',1.75,281,'2020-11-02'),(39,'Dizzy Comet',15,'silk',7.75,38,'2020-06-07'),(40,'Paper Dragon',28,'nylon',5.5,277,'2022-04-10'),(41,'Dizzy Serpent',13,'paper',2.75,66,'2021-07-18'),(42,'Hungry Dragon',1,'nylon',2.25,450,'2011-06-05'),(43,'Midnight Swift',10,'nylon',4.75,221,'2018-05-12'),(44,'Scarlet Serpent',17,'silk',3.5,72,'2020-06-18'),(45,'Tattered Swift',16,'nylon',6.25,160,'2015-04-09'),(46,'Scarlet Ghost',9,'nylon',5,330,'2016-06-20'),(47,'Scarlet Comet',9,'paper',3.75,357,'2017-11-11'),(48,'Hungry Ghost',11,'silk',2.25,38,'2013-10-26');
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
INSERT INTO `cutting` VALUES (1,5,4,'1908-12-24',410,33,'milky'),(2,12,11,'1896-08-06',345,56.5,'bubbled'),(3,10,5,'1898-09-20',110,53,'milky'),(4,16,10,'1897-11-01',126,36,'bubbled'),(5,13,8,'1906-01-11',219,56,'milky'),(6,2,3,'1893-06-27',339,46,'glassy'),(7,1,1,'1907-03-05',161,40.5,'glassy'),(8,13,1,'1897-05-26',517,54,'glassy'),(9,9,3,'1898-07-19',220,57.5,'glassy'),(10,1,3,'1894-02-12',97,31,'glassy'),(11,11,6,'1902-05-28',804,39.5,'bubbled'),(12,10,3,'1895-10-14',495,NULL,'milky'),(13,10,8,'1891-05-22',274,31,'bubbled'),(14,16,6,'1897-03-07',565,NULL,'glassy'),(15,10,4,'1898-04-07',496,49.5,'milky'),(16,12,5,'1896-06-01',113,56,'milky'),(17,16,6,'1907-02-19',763,26,'bubbled'),(18,9,8,'1898-03-11',90,24.5,'milky'),(19,10,7,'1897-12-16',186,39.5,'milky'),(20,6,1,'1907-05-03',916,23.5,'milky'),(21,1,6,'1892-11-20',551,44.5,'milky'),(22,4,1,'1906-10-14',185,18,'bubbled'),(23,16,4,'1900-05-12',517,27.5,'bubbled'),(24,8,10,'1900-02-05',616,30.5,'milky'),(25,12,2,'1895-08-27',733,62,'bubbled'),(26,1,5,'1909-12-28',433,27,'bubbled'),(27,1,5,'1894-08-13',144,52.5,'milky'),(28,3,11,'1894-01-17',935,36.5,'milky'),(29,6,1,'1894-06-22',901,42.5,'milky'),(30,9,1,'1904-03-26',89,45.5,'milky'),(31,12,7,'1902-06-26',213,31,'glassy'),(32,1,10,'1891-07-15',937,33.5,'milky'),(33,9,4,'1897-03-14',943,51,'bubbled'),(34,8,4,'1901-11-08',295,40,'milky'),(35,11,3,'1894-06-03',485,44,'bubbled'),(36,10,1,'1892-07-19',162,21.5,'bubbled'),(37,9,5,'1899-07-01',326,NULL,'bubbled'),(38,5,5,'1901-02-18',525,57,'milky'),(39,2,11,'1899-05-13',182,41.5,'glassy'),(40,6,7,'1892-03-21',949,45,'milky'),(41,11,4,'1898-08-21',137,59.5,'milky'),(42,3,10,'1897-01-10',842,27.5,'milky'),(43,13,5,'1896-03-12',478,53.5,'glassy'),(44,12,2,'1901-06-17',583,36,'milky'),(45,11,10,'1896-01-03',753,47.5,'milky'),(46,8,5,'1891-04-04',845,20,'bubbled'),(47,16,4,'1900-06-25',236,40,'glassy'),(48,2,10,'1897-02-25',816,45,'bubbled'),(49,5,3,'1899-12-16',527,49,'glassy'),(50,16,7,'1895-02-04',85,38.5,'bubbled'),(51,9,10,'1909-01-27',703,61,'glassy'),(52,11,2,'1909-02-19',905,58.5,'milky'),(53,9,5,'1900-09-18',320,42,'bubbled'),(54,4,10,'1902-06-20',852,33,'bubbled'),(55,6,11,'1903-07-05',914,31,'glassy'),(56,10,4,'1904-03-01',842,60,'bubbled'),(57,9,3,'1895-04-16',847,51,'milky'),(58,6,1,'1899-05-19',193,25,'glassy'),(59,5,8,'1894-09-26',455,61.5,'bubbled'),(60,9,1,'1906-08-15',530,52.5,'glassy'),(61,10,11,'1896-05-07',941,55,'bubbled'),(62,9,10,'1894-11-23',80,60.5,'glassy'),(63,10,10,'1904-07-08',312,62,'bubbled'),(64,8,5,'1904-09-11',931,30,'milky'),(65,16,10,'1899-04-04',626,47,'milky'),(66,4,7,'1891-03-23',133,45,'milky');
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
INSERT INTO `ice_house` VALUES (1,'Rail Pit',10,92,'straw'),(2,'North Cellar',9,322,'sawdust'),(3,'North Pit',1,1374,'straw'),(4,'North Vault',5,2111,'sawdust'),(5,'North Barn',5,1156,'sawdust'),(6,'Rail Vault',1,1661,'cork'),(7,'Quay Pit',11,1628,'straw'),(8,'South Cellar',4,202,'cork'),(9,'Rail Cellar',11,1093,'cork'),(10,'Hill Pit',1,1214,'straw'),(11,'Quay Vault',10,534,'straw'),(12,'Quay Barn',6,2032,'straw'),(13,'South Pit',3,203,'cork'),(14,'South Vault',10,2143,'cork'),(15,'Hill Vault',9,2183,'cork'),(16,'South Barn',1,1448,'cork'),(17,'Rail Barn',8,1643,'cork'),(18,'Hill Cellar',4,246,'straw');
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
INSERT INTO `lake` VALUES (1,'Tarn Norrsund',134.5,'Sudfjell',1862),(2,'Lake Brimmel',272.5,'Nordmark',1883),(3,'Lake Kaldo',417.5,'Nordmark',1867),(4,'Mere Ostrava',504,'Osthavn',1877),(5,'Lake Pikku',539.5,'Vesterdal',1890),(6,'Lake Norrsund',394,'Osthavn',1893),(7,'Lake Vinter',857,'Osthavn',1891),(8,'Tarn Vinter',120.5,'Vesterdal',1868),(9,'Tarn Ostrava',497,'Osthavn',1886),(10,'Lake Ostrava',702.5,'Sudfjell',1901),(11,'Mere Brimmel',386.5,'Vesterdal',1882),(12,'Tarn Kaldo',118,'Vesterdal',1895),(13,'Lake Hjelm',526,'Vesterdal',1887),(14,'Tarn Hjelm',584.5,'Sudfjell',NULL),(15,'Mere Kaldo',257,'Vesterdal',NULL),(16,'Mere Hjelm',268.5,'Osthavn',1885);
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
INSERT INTO `cartographer` VALUES (1,'Brenna Oakhanger',9,1785,'Maritime'),(2,'Ulla Fosterwick',9,1787,'Maritime'),(3,'Corin Ellingby',12,1787,'Maritime'),(4,'Tamsin Lowmoor',11,1806,'Ostley'),(5,'Severin Ironmonger',9,1789,'Ferrand'),(6,'Severin Merriden',12,1812,'Ostley'),(7,'Corin Brackwater',9,1795,'Ostley'),(8,'Ivo Jessop',NULL,1807,'Ostley'),(9,'Tamsin Nightingale',15,1783,'Ostley'),(10,'Brenna Abernock',NULL,1783,'Ostley'),(11,'Ivo Kettleby',NULL,1800,'Ostley'),(12,'Runa Oakhanger',14,1788,'Ostley'),(13,'Nerys Grimsaddle',2,1800,'Ostley'),(14,'Ysolde Thistlewood',6,1807,'Ostley'),(15,'Eskil Grimsaddle',1,1788,'Ferrand'),(16,'Odo Sallowfield',NULL,1785,'Ostley'),(17,'Ysolde Ironmonger',4,1785,'Ferrand'),(18,'Ivo Ironmonger',6,1811,'Ostley'),(19,'Tamsin Brackwater',12,1785,'Ferrand'),(20,'Runa Hollinrake',4,1784,'Maritime'),(21,'Runa Dunmarrow',9,1812,'Maritime'),(22,'Brenna Ironmonger',NULL,1793,'Maritime');
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
INSERT INTO `expedition` VALUES (1,'Third Mirror Coast Survey','1840-10-19',23,'missing'),(2,'Second Ashland Crossing','1846-10-02',82,'missing'),(3,'First Mirror Coast Survey','1848-07-08',34,'missing'),(4,'Third Glass Desert March','1845-09-17',13,'completed'),(5,'First Thornwood Trek','1834-11-01',12,'missing'),(6,'Royal Glass Desert March','1858-11-04',85,'completed'),(7,'Lost Mirror Coast Survey','1839-06-02',76,'turned back'),(8,'Second Mirror Coast Survey','1843-05-25',60,'missing'),(9,'Lost Thornwood Trek','1841-09-15',65,'missing'),(10,'Royal Thornwood Trek','1855-10-07',63,'missing'),(11,'First Ashland Crossing','1841-01-06',38,'turned back'),(12,'Royal Ashland Crossing','1845-08-13',45,'missing'),(13,'Third Ashland Crossing','1857-07-09',15,'missing'),(14,'Second Glass Desert March','1854-05-12',16,'missing'),(15,'First Glass Desert March','1840-04-15',39,'turned back');
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
INSERT INTO `map_sheet` VALUES (501,'Chart of Bell Island',14,1848,3,'copperplate',48.50),(502,'Chart of The Ashlands',2,1848,22,'watercolour',611.00),(503,'Sketch of Mount Ember',14,1854,33,'ink',61.00),(504,'Plan of Port Lament',14,1846,31,'charcoal',110.50),(505,'View of Mount Ember',2,1840,20,'watercolour',309.50),(506,'Plan of The Drowned Road',11,1821,13,'ink',705.00),(507,'View of Lake Sorrel',20,1838,20,'watercolour',872.00),(508,'Plan of The Salt Stairs',20,1820,25,'copperplate',25.50),(509,'Chart of Fennel Bay',11,1824,22,'copperplate',269.00),(510,'Chart of Port Lament',7,1836,26,'watercolour',601.00),(511,'Chart of The Salt Stairs',11,1844,28,'copperplate',133.50),(512,'View of Thornwood',1,1846,18,'charcoal',420.00),(513,'Plan of Mount Ember',19,1837,14,'ink',852.00),(514,'Chart of Mount Ember',21,1861,39,'copperplate',636.50),(515,'View of The Ashlands',7,1827,13,'watercolour',861.00),(516,'Plan of The Reed Delta',19,1834,17,'watercolour',595.50),(517,'Plan of The Copper Falls',21,1857,12,'watercolour',877.50),(518,'Sketch of The Copper Falls',19,1835,39,'ink',181.50),(519,'View of The Copper Falls',21,1860,34,'charcoal',85.50),(520,'Plan of The Mirror Coast',14,1828,14,'copperplate',91.00),(521,'Sketch of Witness Hill',10,1826,36,'ink',128.00),(522,'View of Port Lament',5,1850,32,'charcoal',277.00),(523,'Chart of The Mirror Coast',8,1862,2,'charcoal',167.50),(524,'Sketch of The Glass Desert',16,1817,5,'charcoal',661.00),(525,'View of Bell Island',20,1828,16,'copperplate',362.50),(526,'View of The Glass Desert',14,1838,24,'charcoal',845.50),(527,'Chart of The Copper Falls',18,1868,27,'watercolour',104.00),(528,'Plan of The Glass Desert',10,1813,1,'charcoal',117.00),(529,'View of Witness Hill',22,1840,32,'copperplate',427.50),(530,'Sketch of The Salt Stairs',10,1807,18,'ink',811.50),(531,'Chart of The Glass Desert',19,1827,35,'ink',760.50),(532,'Sketch of Thornwood',13,1853,26,'charcoal',568.50),(533,'Chart of The Drowned Road',7,1845,11,'watercolour',596.50),(534,'Sketch of The Ashlands',20,1813,22,'copperplate',392.00),(535,'Chart of Witness Hill',22,1820,22,'watercolour',877.50),(536,'Plan of Witness Hill',6,1834,1,'copperplate',566.50),(537,'Sketch of The Mirror Coast',16,1828,24,'charcoal',682.00),(538,'Chart of Thornwood',18,1870,26,'copperplate',500.00),(539,'Chart of Cape Forlorn',2,1840,19,'charcoal',494.50),(540,'Sketch of Cape Forlorn',8,1857,12,'charcoal',674.00),(541,'Plan of Lake Sorrel',21,1863,9,'ink',399.50),(542,'Sketch of Port Lament',17,1842,19,'charcoal',756.00),(543,'View of The Reed Delta',14,1869,5,'copperplate',516.00),(544,'Plan of Bell Island',14,1827,23,'watercolour',230.00),(545,'Sketch of Lake Sorrel',17,1830,31,'charcoal',161.50),(546,'View of Fennel Bay',17,1808,35,'watercolour',379.00),(547,'Chart of The Owl Passes',17,1814,31,'watercolour',766.00),(548,'Sketch of The Owl Passes',8,NULL,29,'watercolour',282.50),(549,'View of Cape Forlorn',11,1837,36,'copperplate',539.00),(550,'View of The Mirror Coast',4,NULL,30,'copperplate',484.50),(551,'Sketch of The Drowned Road',18,1860,12,'watercolour',674.50),(552,'Plan of The Ashlands',4,1837,4,'copperplate',855.00);
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
INSERT INTO `bead` VALUES (1,'Saffron Star',8,'opal',11.5,9.25),(2,'Marble Drop',4,'amber',18,14.25),(3,'Saffron Drop',4,'ruby',18.5,17.25),(4,'Marble Rosette',8,'ruby',13,5.50),(5,'Harlequin Rosette',5,'amber',12.5,6.50),(6,'Raven Eye',3,'emerald',11,10.00),(7,'Tidal Star',5,'emerald',18,17.50),(8,'Tidal Barrel',4,'opal',20.5,18.75),(9,'Harlequin Melon',3,'ruby',16.5,18.25),(10,'Raven Barrel',3,'ruby',3.5,4.00),(11,'Marble Eye',4,'emerald',23.5,6.25),(12,'Tidal Rosette',1,'cobalt',23.5,11.00),(13,'Saffron Spiral',1,'ruby',8,5.50),(14,'Saffron Melon',6,'emerald',4,5.75),(15,'Saffron Barrel',3,'emerald',15,15.75),(16,'Dewdrop Spiral',5,'opal',13.5,5.00),(17,'Harlequin Drop',4,'opal',7,17.00),(18,'Dewdrop Melon',1,'opal',19.5,6.00),(19,'Tidal Eye',3,'opal',19,12.75),(20,'Tidal Melon',6,'amber',8,7.00),(21,'Raven Melon',1,'ruby',9.5,3.25),(22,'Marble Spiral',5,'opal',19,3.00),(23,'Raven Rosette',4,'emerald',12,2.25),(24,'Dewdrop Drop',5,'amber',8,14.25),(25,'Saffron Rosette',6,'emerald',8,1.75),(26,'Dewdrop Star',3,'ruby',18,14.25),(27,'Raven Drop',4,'opal',7,5.50),(28,'Marble Star',5,'opal',11.5,6.50),(29,'Dewdrop Rosette',3,'opal',18.5,17.75),(30,'Tidal Drop',6,'ruby',17.5,5.00),(31,'Dewdrop Barrel',5,'emerald',11.5,4.50),(32,'Harlequin Eye',3,'ruby',19,8.50),(33,'Dewdrop Eye',8,'cobalt',7,8.75),(34,'Marble Melon',8,'opal',9.5,3.00),(35,'Raven Star',4,'opal',3,15.50),(36,'Harlequin Spiral',3,'opal',18.5,14.00),(37,'Harlequin Barrel',6,'amber',23.5,5.50),(38,'Raven Spiral',4,'emerald',12.5,17.25),(39,'Tidal Spiral',3,'amber',14.5,3.50),(40,'Saffron Eye',6,'ruby',16.5,9.25);
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
INSERT INTO `bead_order` VALUES (3001,10,24,190,'2018-09-08','shipped'),(3002,15,28,130,'2017-05-28','shipped'),(3003,5,4,100,'2013-03-14','waiting'),(3004,2,13,160,'2015-11-11','waiting'),(3005,9,25,750,'2016-07-25','cancelled'),(3006,16,33,350,'2017-10-20','cancelled'),(3007,1,13,160,'2014-11-02','shipped'),(3008,11,12,130,'2016-10-11','waiting'),(3009,3,34,480,'2014-02-12','waiting'),(3010,7,8,610,'2017-09-11','cancelled'),(3011,10,29,560,'2015-03-21','waiting'),(3012,11,23,900,'2015-07-09','waiting'),(3013,9,5,780,'2020-09-07','shipped'),(3014,9,32,170,'2019-11-13','waiting'),(3015,9,27,790,'2020-11-19','waiting'),(3016,1,4,60,'2017-08-26','shipped'),(3017,4,35,900,'2017-08-05','waiting'),(3018,4,6,30,'2019-10-11','waiting'),(3019,5,12,330,'2015-09-25','waiting'),(3020,1,22,340,'2015-02-03','cancelled'),(3021,16,21,150,'2013-09-06','cancelled'),(3022,4,35,610,'2013-05-17','waiting'),(3023,15,12,740,'2019-09-12','waiting'),(3024,8,8,40,'2022-04-16','cancelled'),(3025,11,17,150,'2022-01-24','shipped'),(3026,11,10,90,'2017-12-14','waiting'),(3027,1,36,260,'2022-01-20','waiting'),(3028,7,26,90,'2019-01-12','cancelled'),(3029,4,13,630,'2014-10-21','waiting'),(3030,3,27,830,'2016-01-09','shipped'),(3031,12,2,240,'2022-10-04','shipped'),(3032,4,1,450,'2021-07-28','shipped'),(3033,1,29,460,'2018-02-10','waiting'),(3034,7,35,770,'2021-10-04','cancelled'),(3035,6,23,360,'2015-01-17','waiting'),(3036,10,27,140,'2022-11-09','waiting'),(3037,2,12,200,'2019-09-21','waiting'),(3038,12,29,780,'2020-12-06','cancelled'),(3039,9,16,340,'2016-01-17','waiting'),(3040,12,1,70,'2018-10-07','waiting'),(3041,9,32,200,'2018-01-03','waiting'),(3042,12,13,110,'2018-07-07','waiting'),(3043,11,3,130,'2016-08-12','waiting'),(3044,16,16,790,'2022-12-16','waiting'),(3045,15,16,720,'2014-02-14','waiting'),(3046,5,9,720,'2015-08-16','waiting'),(3047,2,35,160,'2019-08-10','waiting'),(3048,7,37,720,'2015-08-14','cancelled'),(3049,1,17,310,'2017-07-24','waiting'),(3050,2,3,810,'2013-08-25','shipped'),(3051,15,35,820,'2013-10-19','cancelled'),(3052,2,1,200,'2018-09-24','waiting'),(3053,8,28,590,'2017-11-23','cancelled'),(3054,4,30,860,'2019-12-24','shipped'),(3055,6,23,200,'2021-10-03','waiting'),(3056,10,32,400,'2014-08-18','waiting'),(3057,5,7,490,'2022-03-11','cancelled'),(3058,11,18,120,'2022-03-09','waiting'),(3059,5,7,580,'2015-11-24','waiting'),(3060,2,10,780,'2020-07-15','shipped'),(3061,7,4,470,'2020-10-11','waiting'),(3062,3,33,640,'2013-10-18','waiting'),(3063,1,5,500,'2020-12-28','waiting'),(3064,5,33,290,'2014-12-28','waiting'),(3065,2,23,240,'2018-10-09','waiting'),(3066,7,37,100,'2021-11-16','shipped'),(3067,9,9,390,'2015-06-10','waiting'),(3068,3,1,190,'2020-03-11','cancelled'),(3069,4,18,860,'2019-01-19','shipped'),(3070,3,9,350,'2021-04-18','shipped'),(3071,1,12,500,'2017-11-22','shipped'),(3072,11,24,400,'2019-01-08','waiting'),(3073,2,2,540,'2020-01-11','waiting'),(3074,7,7,470,'2016-11-24','shipped');
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
INSERT INTO `buyer` VALUES (1,'Magpie Emporium','Lorrimar','2003-10-21'),(2,'Magpie & Co','Lorrimar','2009-01-23'),(3,'Magpie Milliners','Lorrimar','1998-05-21'),(4,'Needle Outfitters','Port Oriel','2010-11-06'),(5,'Thimble & Co','Lorrimar',NULL),(6,'Magpie Outfitters','Lorrimar','1995-01-13'),(7,'Tinsel Emporium','Lorrimar','1993-02-06'),(8,'Needle & Co','Quillon','2006-04-22'),(9,'Velvet Emporium','Lorrimar','2008-06-20'),(10,'Thimble Milliners','Lorrimar','1992-05-28'),(11,'Tinsel Outfitters','Lorrimar','2009-01-14'),(12,'Tinsel & Co','Lorrimar','2001-09-01'),(13,'Velvet & Co','Quillon','1992-12-27'),(14,'Thimble Outfitters','Lorrimar',NULL),(15,'Needle Milliners','Port Oriel','2004-01-23'),(16,'Needle Emporium','Lorrimar','1992-05-20');
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
INSERT INTO `courier` VALUES (1,'Jorun Brackwater',13,'stag','1709-09-10',20.50),(2,'Jorun Ironmonger',13,'stag','1702-10-14',30.50),(3,'Ulla Dunmarrow',8,'stag','1734-10-11',23.50),(4,'Severin Hollinrake',3,'stag','1704-07-02',33.50),(5,'Liesel Underhay',7,'goat','1723-11-07',25.00),(6,'Ivo Grimsaddle',13,'stag','1714-08-12',8.50),(7,'Wenna Lowmoor',13,'stag','1717-07-03',29.50),(8,'Ulla Quarrendon',7,'goat','1704-07-23',22.50),(9,'Viggo Jessop',1,NULL,'1722-11-24',39.00),(10,'Fenna Nightingale',3,'stag','1712-11-18',30.50),(11,'Aldo Sallowfield',5,'mule','1719-05-20',32.50),(12,'Fenna Hollinrake',7,'stag','1721-09-11',35.00),(13,'Severin Thistlewood',6,'goat','1722-02-20',41.50),(14,'Odo Quarrendon',4,'goat','1716-01-07',11.00),(15,'Ivo Grimsaddle',1,'stag','1724-09-22',39.00),(16,'Fenna Lowmoor',5,'mule','1710-11-13',28.00),(17,'Odo Underhay',12,'goat','1712-05-12',31.00),(18,'Viggo Underhay',3,'mule','1715-07-05',13.50),(19,'Kasimir Ironmonger',10,'stag','1729-05-13',42.00),(20,'Quill Ironmonger',4,'stag','1704-06-06',37.50),(21,'Delphe Quarrendon',10,'stag','1701-08-10',35.00),(22,'Aldo Sallowfield',3,'pony','1732-02-19',19.50),(23,'Severin Abernock',10,'stag','1735-04-15',29.00),(24,'Wenna Thistlewood',13,'stag','1713-05-13',28.50),(25,'Ysolde Thistlewood',13,'pony','1735-10-17',37.50),(26,'Quill Hollinrake',10,'stag','1717-12-15',14.50),(27,'Tamsin Lowmoor',2,'stag','1706-11-11',30.50),(28,'Wenna Quarrendon',7,'pony','1729-12-05',12.00),(29,'Aldo Wintercott',1,'pony','1704-03-19',36.00),(30,'Ivo Ellingby',7,'stag','1722-05-20',30.00),(31,'Tamsin Abernock',8,'mule','1706-06-10',14.50),(32,'Brenna Quarrendon',13,'goat','1701-05-27',40.50),(33,'Garrick Merriden',10,'stag','1723-11-19',19.00),(34,'Liesel Abernock',13,'stag','1714-04-09',14.50);
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
INSERT INTO `letter` VALUES (1,19,'1739-10-10','green',155,9),(2,10,'1738-02-04','black',108,7),(3,18,'1736-08-23','gold',146,11),(4,21,'1741-12-01','black',165,3),(5,5,'1741-02-16','black',142,5),(6,15,'1736-06-08','red',70,8),(7,14,'1737-03-10','gold',37,4),(8,1,'1739-09-01','red',89,1),(9,10,'1738-12-01','gold',239,12),(10,7,'1741-05-04','green',199,12),(11,7,'1737-05-19','gold',36,NULL),(12,7,'1741-03-17','black',236,9),(13,5,'1740-12-10','black',161,7),(14,8,'1736-08-15','red',110,8),(15,16,'1736-10-17','gold',141,9),(16,31,'1739-11-17','black',85,5),(17,4,'1741-08-07','red',187,4),(18,10,'1741-12-23','black',189,8),(19,7,'1740-06-26','black',217,6),(20,13,'1737-08-13','red',222,8),(21,13,'1739-12-19','red',33,10),(22,5,'1736-09-04','green',139,8),(23,25,'1739-06-19','red',123,7),(24,21,'1737-11-10','green',121,12),(25,17,'1738-09-18','gold',204,11),(26,8,'1737-09-26','green',225,6),(27,33,'1736-11-20','green',191,2),(28,21,'1739-01-25','green',176,8),(29,33,'1739-12-28','black',175,9),(30,22,'1736-11-08','red',151,8),(31,25,'1739-05-23','gold',217,1),(32,14,'1736-01-23','red',224,5),(33,18,'1740-01-08','green',221,NULL),(34,5,'1737-12-07','green',156,4),(35,11,'1740-04-02','black',188,8),(36,7,'1741-06-20','black',236,6),(37,21,'1736-04-20','gold',106,6),(38,13,'1741-11-10','gold',195,5),(39,17,'1738-05-20','black',223,1),(40,23,'1739-01-28','black',94,6),(41,12,'1739-04-23','gold',222,5),(42,21,'1736-10-08','black',147,3),(43,12,'1738-12-27','gold',50,11),(44,5,'1737-03-28','black',156,8),(45,4,'1736-06-17','gold',210,11),(46,4,'1737-03-27','red',183,11),(47,22,'1739-06-17','black',124,4),(48,2,'1737-08-06','black',12,4),(49,21,'1737-05-05','black',196,12),(50,13,'1740-05-04','red',196,11),(51,21,'1740-02-13','red',178,7),(52,15,'1738-11-17','red',49,7),(53,22,'1737-03-07','black',153,9),(54,23,'1736-11-26','black',188,7),(55,14,'1741-09-23','black',123,7),(56,19,'1737-01-19','green',52,11),(57,29,'1739-09-21','green',225,NULL),(58,6,'1741-02-02','black',100,6),(59,27,'1738-01-28','gold',194,1),(60,18,'1740-04-15','red',85,11),(61,4,'1736-07-18','black',187,NULL),(62,14,'1740-07-15','red',100,4),(63,5,'1739-07-01','red',77,1),(64,2,'1740-10-18','black',143,NULL),(65,26,'1736-06-15','gold',108,10),(66,10,'1740-11-16','black',44,NULL),(67,8,'1739-10-20','black',172,NULL),(68,5,'1737-01-21','black',219,5),(69,23,'1738-07-05','gold',32,11),(70,12,'1737-10-09','black',103,10),(71,21,'1736-05-12','black',164,3),(72,26,'1740-10-27','black',145,5),(73,9,'1741-08-18','black',221,10),(74,1,'1741-10-26','gold',117,12),(75,12,'1739-08-12','red',53,8),(76,12,'1738-07-06','green',237,7),(77,22,'1738-01-21','gold',167,8),(78,11,'1739-04-08','black',8,4),(79,21,'1738-02-26','green',29,10),(80,27,'1739-06-28','red',152,6);
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
INSERT INTO `post_house` VALUES (1,'Raven Inn','ridge',34),(2,'Fox Lodge','forest',15),(3,'Candle Lodge','salt',10),(4,'Gallows Stables','salt',9),(5,'Fox Barracks','forest',4),(6,'Gallows Inn','salt',14),(7,'Candle Stables','ridge',21),(8,'Candle Barracks','salt',15),(9,'Crossroads Lodge','salt',11),(10,'Crossroads Inn','forest',16),(11,'Gallows Lodge','forest',10),(12,'Candle Inn','salt',7),(13,'Gallows Barracks','salt',10);
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
INSERT INTO `chamber` VALUES (1,'Dripstone Vault',29,'moderate'),(2,'Dripstone Gallery',56,'high'),(3,'Echo Hall',135,'low'),(4,'Echo Vault',90,'low'),(5,'Amber Nook',128,'moderate'),(6,'Dripstone Nook',76,'high'),(7,'Bat Hall',23,'high'),(8,'Echo Gallery',120,'low'),(9,'Bat Vault',82,'high'),(10,'Amber Hall',125,'low');
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
INSERT INTO `loan` VALUES (1,12,2,'2022-08-08',5,6.00),(2,38,19,'2019-05-12',13,10.50),(3,1,2,'2022-08-20',26,3.50),(4,36,14,'2020-08-26',30,NULL),(5,44,14,'2021-03-24',17,5.50),(6,12,22,'2021-11-18',6,7.00),(7,3,12,'2021-05-23',6,NULL),(8,36,12,'2022-03-23',38,10.00),(9,30,4,'2018-02-14',25,12.00),(10,8,7,'2022-01-07',8,NULL),(11,9,4,'2020-04-13',22,4.00),(12,15,1,'2018-10-19',25,4.50),(13,40,26,'2020-09-14',27,0.50),(14,21,24,'2020-09-04',43,10.50),(15,32,3,'2019-03-27',39,NULL),(16,2,26,'2020-05-17',28,NULL),(17,20,18,'2022-04-06',17,NULL),(18,44,9,'2020-06-12',21,10.00),(19,20,11,'2019-06-07',20,NULL),(20,3,14,'2022-12-07',33,NULL),(21,3,1,'2017-09-15',38,NULL),(22,32,22,'2017-02-24',6,2.00),(23,16,9,'2019-06-12',22,2.50),(24,36,9,'2018-01-15',6,8.00),(25,19,9,'2021-08-12',43,11.50),(26,34,9,'2021-09-08',4,11.00),(27,14,12,'2022-05-05',25,6.50),(28,1,11,'2017-03-10',30,9.50),(29,22,8,'2017-06-23',2,NULL),(30,30,15,'2020-09-26',33,6.00),(31,14,16,'2021-02-24',41,1.00),(32,44,10,'2018-06-25',7,4.00),(33,2,7,'2018-06-17',13,3.50),(34,40,12,'2021-07-06',4,9.00),(35,14,9,'2020-05-22',4,2.50),(36,14,23,'2021-09-06',18,11.00),(37,38,16,'2020-06-19',26,NULL),(38,20,2,'2021-12-18',35,0.00),(39,36,4,'2019-06-05',44,11.50),(40,15,12,'2022-02-03',24,8.00),(41,41,17,'2018-02-11',33,10.50),(42,10,16,'2020-12-19',5,NULL),(43,9,23,'2017-02-18',44,NULL),(44,4,9,'2022-08-25',32,1.50),(45,21,7,'2017-11-22',22,9.50),(46,18,14,'2021-02-19',21,NULL),(47,19,1,'2018-04-27',6,0.00),(48,38,3,'2021-04-12',36,7.00),(49,42,9,'2022-06-28',3,10.50),(50,31,7,'2022-07-05',45,NULL),(51,12,26,'2022-07-15',5,NULL),(52,19,7,'2022-05-17',5,4.00),(53,39,23,'2017-09-21',6,0.50),(54,2,17,'2018-02-15',30,7.50),(55,6,8,'2021-03-04',17,6.00),(56,42,12,'2020-02-20',41,7.50),(57,10,9,'2021-06-15',41,NULL),(58,17,9,'2019-12-28',41,11.50),(59,9,19,'2020-05-08',4,1.00),(60,8,16,'2018-01-19',21,NULL),(61,15,9,'2022-06-04',20,12.00),(62,36,9,'2018-03-27',24,6.00),(63,5,16,'2017-06-10',18,NULL),(64,29,19,'2017-04-10',11,12.00),(65,10,6,'2018-05-10',15,4.00),(66,25,8,'2021-03-01',34,NULL),(67,12,24,'2019-03-19',10,9.00),(68,44,15,'2022-03-18',10,10.50),(69,25,9,'2018-08-27',42,4.50),(70,45,19,'2019-02-06',26,NULL);
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
INSERT INTO `reader` VALUES (1,'Aldo Nightingale','geology','2014-01-04'),(2,'Jorun Vexley','poetry','2012-03-13'),(3,'Brenna Ravensworth','geology','2015-10-26'),(4,'Brenna Grimsaddle','law','2013-02-11'),(5,'Odo Yarrowdale','poetry','2007-08-06'),(6,'Brenna Abernock','geology','2009-04-07'),(7,'Runa Sallowfield','law','2005-04-17'),(8,'Ivo Jessop','poetry','2015-03-16'),(9,'Ivo Hollinrake','law','2005-05-06'),(10,'Wenna Nightingale','poetry','2008-09-19'),(11,'Hedda Hollinrake','history','2013-07-10'),(12,'Tamsin Kettleby','law','2009-10-06'),(13,'Brenna Nightingale','law','2011-02-13'),(14,'Eskil Wintercott','geology','2013-10-28'),(15,'Severin Wintercott','geology','2010-03-26'),(16,'Eskil Hollinrake','poetry','2016-07-08'),(17,'Runa Grimsaddle','history','2011-02-07'),(18,'Liesel Jessop','geology','2015-12-14'),(19,'Hedda Abernock','geology','2006-08-17'),(20,'Aldo Wintercott','geology','2016-07-06'),(21,'Jorun Abernock','law','2012-09-03'),(22,'Odo Lowmoor','geology','2011-08-23'),(23,'Odo Underhay','poetry','2011-11-06'),(24,'Ulla Wintercott','history','2006-01-11'),(25,'Ivo Oakhanger','law','2016-02-06'),(26,'Ysolde Nightingale','geology','2012-03-08');
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
INSERT INTO `scroll` VALUES (1,'Letters about Blind Fish',9,'Vellish',512,1454),(2,'On Falling Water',3,'Vellish',727,1417),(3,'Letters about Dust',8,'Marrowan',525,1330),(4,'Against Candle Smoke',6,'Old Tarsic',571,1384),(5,'In Praise of Old Maps',5,'Vellish',407,1461),(6,'On Salt',6,'Vellish',375,1291),(7,'Against Salt',5,'Vellish',734,1313),(8,'Against Stalactites',6,'Low Umbric',544,1423),(9,'In Praise of Silence',10,'Low Umbric',329,1270),(10,'On Old Maps',7,'Low Umbric',691,1207),(11,'Letters about Salt',5,'Vellish',633,1420),(12,'Against Copper',2,'Low Umbric',821,1441),(13,'In Praise of Sleep',5,'Marrowan',70,1251),(14,'On Underground Rivers',7,'Vellish',352,1326),(15,'Against Falling Water',5,'Vellish',407,1368),(16,'On Moths',8,'Vellish',250,1438),(17,'In Praise of Copper',5,'Vellish',NULL,1354),(18,'On Patience',8,'Marrowan',806,1288),(19,'Letters about Silence',10,'Marrowan',100,1301),(20,'Against Silence',7,'Old Tarsic',822,1345),(21,'In Praise of Moths',6,'Old Tarsic',833,1234),(22,'Against Underground Rivers',3,'Low Umbric',701,1358),(23,'On Silence',5,'Vellish',830,1220),(24,'On Blind Fish',6,'Vellish',119,1335),(25,'Against Sleep',7,'Low Umbric',264,1271),(26,'Letters about Shadows',6,'Low Umbric',842,1375),(27,'Letters about Stalactites',6,'Vellish',148,1259),(28,'In Praise of Salt',9,'Vellish',224,1311),(29,'Against Old Maps',5,'Vellish',295,1238),(30,'In Praise of Underground Rivers',4,'Vellish',363,1400),(31,'In Praise of Dust',2,'Vellish',578,1381),(32,'Letters about Old Maps',9,'Old Tarsic',457,1450),(33,'Letters about Falling Water',9,'Vellish',501,1440),(34,'In Praise of Blind Fish',6,'Vellish',500,1358),(35,'Letters about Copper',8,'Low Umbric',476,1392),(36,'On Candle Smoke',9,'Vellish',703,1320),(37,'Against Moths',5,'Vellish',174,1340),(38,'Letters about Candle Smoke',6,'Vellish',739,1418),(39,'Against Blind Fish',7,'Old Tarsic',708,1261),(40,'Letters about Sleep',5,'Marrowan',487,1462),(41,'In Praise of Candle Smoke',10,'Low Umbric',824,1211),(42,'Letters about Moths',6,'Low Umbric',690,1466),(43,'In Praise of Patience',2,'Low Umbric',56,1432),(44,'On Shadows',3,'Low Umbric',867,1436),(45,'Against Shadows',5,'Low Umbric',197,1322),(46,'In Praise of Shadows',2,'Old Tarsic',827,1351);
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
INSERT INTO `boat` VALUES (1,'Golden Bulrush',6,15,'2003','barge'),(2,'Merry Dragonfly',1,4.25,'2016','feather'),(3,'Wet Dragonfly',8,8.75,'2018','middle'),(4,'Wet Duckling',4,4.75,'2013','barge'),(5,'Merry Bulrush',3,12.75,'2006','middle'),(6,'Merry Duckling',2,9.75,'2010','feather'),(7,'Golden Basket',4,10,'1996','barge'),(8,'Golden Duckling',4,8,'2009','middle'),(9,'Wet Bulrush',6,9.75,'2005','feather'),(10,'Swift Nuisance',6,11.5,'2011','barge'),(11,'Stubborn Basket',2,6.75,'2002','middle'),(12,'Merry Minnow',4,7.75,'2010','middle'),(13,'Wet Nuisance',1,9.75,'1996','feather'),(14,'Stubborn Nuisance',8,9.5,'2009','barge'),(15,'Merry Basket',9,12,'2017','barge'),(16,'Swift Bulrush',1,6.5,'2004','middle'),(17,'Stubborn Bulrush',5,8.5,'2018','barge'),(18,'Stubborn Minnow',8,14.75,'2007','middle'),(19,'Swift Minnow',9,13.75,'1999','barge'),(20,'Swift Basket',6,5,'2009','feather'),(21,'Golden Minnow',1,14.25,'2016','feather'),(22,'Swift Dragonfly',4,12,'2011','feather'),(23,'Wet Basket',5,15,'1998','middle'),(24,'Golden Nuisance',6,11.5,'2005','feather'),(25,'Merry Nuisance',5,11,'2004','barge'),(26,'Golden Dragonfly',1,9,'2008','barge'),(27,'Wet Minnow',4,14.5,'1995','barge'),(28,'Stubborn Duckling',6,4.5,'2014','barge');
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
INSERT INTO `boatyard` VALUES (1,'Bittern Landing','Meander',20),(2,'Sedge Yard','Meander',14),(3,'Otter Landing','Meander',20),(4,'Otter Slip','Sall',17),(5,'Otter Yard','Meander',12),(6,'Bittern Slip','Tyne-below',13),(7,'Sedge Landing','Meander',11),(8,'Rush Yard','Tyne-below',8),(9,'Bittern Yard','Sall',14);
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
INSERT INTO `finish` VALUES (1,1,214,1),(1,8,108.5,4),(1,10,139.25,0),(2,1,140.25,4),(2,6,223,4),(2,9,14.75,0),(4,4,188.5,1),(5,4,102.5,2),(5,6,NULL,2),(5,7,166.25,0),(5,8,NULL,2),(5,9,202.25,2),(5,10,206.25,2),(6,2,227,0),(6,4,70.25,3),(6,5,99.5,3),(6,9,156,5),(7,7,193.75,3),(8,4,90,1),(8,8,138.5,4),(9,5,256,2),(9,6,66,3),(9,10,167.5,1),(10,5,19.25,1),(10,9,86.25,2),(12,10,28,1),(13,4,NULL,1),(14,10,219.5,2),(15,8,NULL,5),(15,10,22.75,3),(17,2,166,2),(17,4,208.5,1),(17,8,164.25,0),(18,1,216.25,5),(18,2,NULL,0),(19,2,195.75,4),(19,4,187.25,3),(19,5,124.5,2),(19,9,236,5),(20,6,256,2),(20,10,NULL,1),(21,7,147,3),(21,9,137,0),(22,1,188,1),(22,2,NULL,1),(22,7,217,1),(22,9,95.25,1),(23,9,NULL,4),(23,10,121.75,4),(24,1,NULL,2),(24,2,127.5,2),(24,4,39,0),(24,6,74.25,3),(24,7,153.5,3),(24,9,191.25,3),(24,10,81.25,0),(25,5,73.75,4),(25,7,226.75,1),(25,8,NULL,4),(25,9,40,5),(25,10,34,1),(27,6,172.5,4),(28,1,206.25,0),(28,4,82.5,2),(28,5,81,4),(28,6,52,0),(28,7,22.75,4),(28,10,136.75,1);
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
INSERT INTO `caravan` VALUES (1,'Patient Saddles','Pepper',30,'1603-03-07'),(2,'Moonlit Lanterns','Copper',9,'1607-04-21'),(3,'Crimson Saddles','Pepper',10,'1604-02-13'),(4,'Moonlit Saddles','Indigo',60,'1604-05-15'),(5,'Seven Saddles','Salt',74,'1604-03-25'),(6,'Moonlit Bells','Salt',61,'1605-11-07'),(7,'Wandering Saddles','Salt',55,'1605-03-23'),(8,'Crimson Camels','Salt',24,'1604-01-04'),(9,'Crimson Lanterns','Salt',67,'1604-01-10'),(10,'Wandering Lanterns','Copper',46,'1608-11-13'),(11,'Moonlit Camels','Indigo',50,'1609-02-02'),(12,'Patient Lanterns','Indigo',87,'1606-05-21'),(13,'Crimson Bells','Pepper',72,'1605-12-19'),(14,'Wandering Bells','Indigo',14,'1607-11-10'),(15,'Crimson Wells','Copper',24,'1609-04-09'),(16,'Seven Wells','Copper',72,'1605-08-22'),(17,'Patient Bells','Salt',38,'1606-06-04'),(18,'Patient Camels','Pepper',81,'1607-07-21'),(19,'Wandering Camels','Indigo',26,'1611-10-28'),(20,'Seven Lanterns','Copper',63,'1602-05-27');
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
INSERT INTO `cargo` VALUES (1,1,'cumin',57,1570.50),(2,17,'mace',34,1246.00),(3,16,'cardamom',6,2135.50),(4,14,'cumin',15,805.00),(5,5,'mace',26,1418.50),(6,20,'mace',44,2191.50),(7,17,'mace',5,2332.00),(8,17,'mace',28,NULL),(9,8,'mace',26,1012.00),(10,10,'cumin',52,1193.50),(11,7,'cumin',13,1170.00),(12,20,'cumin',54,1609.00),(13,17,'clove',14,NULL),(14,17,'mace',38,2595.00),(15,3,'mace',8,200.50),(16,2,'clove',4,278.50),(17,2,'mace',25,709.50),(18,17,'clove',57,1559.00),(19,3,'saffron',53,1612.50),(20,14,'saffron',53,939.00),(21,3,'saffron',32,2381.00),(22,1,'cardamom',27,563.00),(23,17,'mace',37,1474.50),(24,8,'cardamom',11,1449.00),(25,12,'clove',25,1231.00),(26,6,'cumin',22,979.00),(27,11,'cumin',27,1990.50),(28,7,'cardamom',43,231.50),(29,17,'mace',28,1992.00),(30,19,'mace',18,1728.00),(31,20,'mace',25,1767.00),(32,13,'cumin',12,1139.50),(33,19,'saffron',45,401.00),(34,17,'cumin',26,1231.50),(35,17,'mace',6,344.00),(36,12,'clove',39,448.00),(37,17,'mace',26,2233.00),(38,11,'saffron',42,464.00),(39,14,'cardamom',33,2083.00),(40,17,'clove',10,812.50),(41,3,'clove',16,1068.00),(42,7,'mace',53,2230.00),(43,12,'mace',36,265.50),(44,5,'mace',3,1476.00),(45,5,'cumin',43,2152.50),(46,3,'cardamom',36,NULL),(47,16,'cardamom',59,2212.00),(48,16,'saffron',8,653.00),(49,17,'cumin',51,403.50),(50,19,'cardamom',46,410.50),(51,17,'cardamom',33,1986.50),(52,16,'cardamom',2,2152.50),(53,10,'mace',40,208.00),(54,1,'cumin',24,1619.50),(55,16,'clove',5,NULL),(56,10,'mace',13,269.00),(57,16,'mace',33,1513.00),(58,19,'clove',26,1885.00),(59,6,'mace',4,1393.50),(60,1,'saffron',21,2172.50),(61,3,'cumin',37,222.00),(62,14,'mace',3,1788.00),(63,17,'cumin',17,2313.50),(64,13,'cumin',49,197.00);
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
INSERT INTO `trader` VALUES (1,'Fenna Lowmoor',9,62,'blenders'),(2,'Ysolde Pennyfold',19,26,'brokers'),(3,'Viggo Underhay',6,31,'blenders'),(4,'Tamsin Brackwater',NULL,25,'blenders'),(5,'Odo Sallowfield',14,34,'blenders'),(6,'Tamsin Yarrowdale',19,37,'weighers'),(7,'Odo Sallowfield',3,52,'brokers'),(8,'Brenna Underhay',16,25,'weighers'),(9,'Severin Ravensworth',3,42,'weighers'),(10,'Kasimir Dunmarrow',NULL,53,'blenders'),(11,'Nerys Vexley',4,55,'blenders'),(12,'Aldo Thistlewood',18,41,'brokers'),(13,'Severin Sallowfield',1,44,'blenders'),(14,'Marek Hollinrake',14,53,'brokers'),(15,'Kasimir Ravensworth',6,58,'blenders'),(16,'Delphe Abernock',18,64,'brokers'),(17,'Garrick Quarrendon',18,60,'blenders'),(18,'Brenna Castelow',10,51,'blenders'),(19,'Hedda Ravensworth',16,62,'blenders'),(20,'Quill Pennyfold',10,46,'drivers'),(21,'Quill Underhay',18,24,'weighers'),(22,'Tamsin Ravensworth',4,38,'blenders'),(23,'Ulla Brackwater',20,51,'blenders'),(24,'Wenna Abernock',9,63,'weighers'),(25,'Fenna Hollinrake',6,42,'blenders'),(26,'Runa Fosterwick',14,22,'blenders'),(27,'Viggo Lowmoor',NULL,51,'drivers'),(28,'Petra Grimsaddle',5,41,'blenders'),(29,'Petra Yarrowdale',12,21,'blenders'),(30,'Fenna Abernock',6,60,'brokers'),(31,'Jorun Merriden',NULL,57,'drivers'),(32,'Marek Abernock',9,56,'weighers'),(33,'Ulla Nightingale',NULL,25,'brokers'),(34,'Kasimir Sallowfield',9,51,'brokers'),(35,'Marek Pennyfold',11,58,'drivers'),(36,'Delphe Brackwater',NULL,34,'brokers'),(37,'Fenna Kettleby',12,30,'brokers'),(38,'Severin Brackwater',17,23,'weighers'),(39,'Aldo Grimsaddle',18,44,'blenders'),(40,'Aldo Merriden',5,31,'drivers'),(41,'Tamsin Oakhanger',11,22,'weighers'),(42,'Marek Ellingby',4,30,'blenders');
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
INSERT INTO `bed` VALUES (1,'Bridge Steps',9,'pillow moss',18,'2005-08-18',6),(2,'Gate Island',14,'fork moss',13.5,'2009-02-26',7),(3,'Pond Walk',9,'pillow moss',28,'2018-05-26',2),(4,'Fern Corner',9,'plume moss',16.5,'2003-06-15',7),(5,'Fern Steps',13,'fork moss',29.5,'1998-10-28',9),(6,'Temple Border',3,'plume moss',27.5,'1993-11-03',3),(7,'Bridge Corner',14,'fork moss',1.75,'2014-07-04',3),(8,'Stone Walk',4,'fork moss',21.5,'2008-09-01',5),(9,'Gate Bank',8,'star moss',12.25,'1997-04-19',5),(10,'Bridge Island',10,'fork moss',37.25,'2019-10-22',6),(11,'Pond Border',10,'plume moss',5,'2002-02-18',8),(12,'Temple Ring',6,'plume moss',23.25,'2015-06-17',2),(13,'Temple Walk',7,'pillow moss',1.5,'2015-09-03',8),(14,'Bridge Border',NULL,'fork moss',14.5,'1997-06-03',3),(15,'Fern Island',9,'fork moss',24.75,'1992-11-01',6),(16,'Stone Border',11,'plume moss',24,'1992-05-20',6),(17,'Fern Border',NULL,'pillow moss',20.25,'2009-11-23',10),(18,'Stone Ring',NULL,'plume moss',36.5,'2017-02-17',11),(19,'Pond Ring',6,'plume moss',18,'1999-11-12',9),(20,'Pond Bank',11,'fork moss',38,'1997-07-21',7),(21,'Stone Steps',1,'fork moss',24,'2017-03-06',5),(22,'Stone Island',9,'haircap moss',17.25,'1992-02-19',7),(23,'Temple Island',1,'plume moss',26,'1997-04-03',2),(24,'Temple Steps',4,'fork moss',25.5,'2012-01-12',6),(25,'Bridge Cushion',4,'pillow moss',8.75,'1992-06-04',7),(26,'Temple Corner',10,'fork moss',13.25,'2002-11-14',5),(27,'Stone Corner',11,'pillow moss',30.75,'2020-08-16',7),(28,'Bridge Ring',13,'pillow moss',4.25,'1997-06-13',9),(29,'Stone Cushion',3,'fork moss',22,'2010-09-28',4),(30,'Bridge Bank',2,'pillow moss',42.25,'2017-09-17',3),(31,'Gate Steps',8,'pillow moss',4.5,'2012-01-03',11),(32,'Pond Cushion',8,'star moss',5.75,'1994-05-10',5),(33,'Temple Terrace',10,'fork moss',42.75,NULL,10),(34,'Stone Bank',8,'fork moss',4.75,'2016-12-18',8),(35,'Pond Terrace',3,'fork moss',43.25,'1999-09-26',8),(36,'Gate Terrace',NULL,'fork moss',4.75,'2013-06-06',3),(37,'Fern Ring',6,'pillow moss',19.25,'2014-02-17',3),(38,'Temple Cushion',6,'haircap moss',1,'2015-01-17',8),(39,'Gate Border',2,'fork moss',34.25,'2013-08-24',10),(40,'Stone Terrace',10,'fork moss',44,'2017-09-15',2),(41,'Pond Steps',7,'plume moss',32.75,'2006-08-18',8),(42,'Temple Bank',7,'fork moss',39.75,'2007-12-15',3),(43,'Gate Ring',13,'fork moss',8,'2010-03-23',11),(44,'Fern Bank',6,'plume moss',20.25,'2015-11-09',9),(45,'Pond Island',14,'plume moss',35.5,'2007-02-23',9),(46,'Gate Cushion',9,'plume moss',7,'2002-09-02',8),(47,'Pond Corner',1,'fork moss',1,'2002-11-10',7),(48,'Bridge Terrace',7,'fork moss',35.5,NULL,10),(49,'Gate Corner',2,'haircap moss',7.5,'2011-05-14',7),(50,'Fern Terrace',NULL,'plume moss',6,'2013-04-21',3),(51,'Bridge Walk',8,'fork moss',31,'2004-09-27',5),(52,'Fern Cushion',4,'star moss',11.5,'2014-09-12',5),(53,'Fern Walk',10,'pillow moss',1.25,NULL,4),(54,'Gate Walk',NULL,'fork moss',15.5,'2015-11-25',3);
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
INSERT INTO `gardener` VALUES (1,'Viggo Fosterwick',2017,'dusk'),(2,'Aldo Ironmonger',2017,'dawn'),(3,'Nerys Sallowfield',2001,'dusk'),(4,'Ivo Hollinrake',1992,'dusk'),(5,'Tamsin Underhay',2015,'midday'),(6,'Delphe Grimsaddle',2019,'dusk'),(7,'Nerys Vexley',2018,'dawn'),(8,'Ivo Abernock',2011,'dawn'),(9,'Ulla Dunmarrow',1992,'midday'),(10,'Ysolde Castelow',2012,'dusk'),(11,'Hedda Ironmonger',1992,'midday'),(12,'Petra Thistlewood',2019,'dusk'),(13,'Liesel Sallowfield',2020,'dawn'),(14,'Hedda Pennyfold',2001,'dawn');
/*!40000 ALTER TABLE `gardener` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
